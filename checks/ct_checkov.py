"""Makes checkov run the rules of this folder: checkov executes every file here, and this one registers them all.

It needs the installed package `checkov_cloudtrail` where checkov runs. Nothing else imports this file.
"""

from checkov_cloudtrail.host.shims import register

register()
