"""`python -m checkov_cloudtrail`."""

from checkov_cloudtrail.cli import main

if __name__ == "__main__":
    main()
