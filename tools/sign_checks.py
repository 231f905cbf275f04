"""Signs a folder of checks as checkov verifies it with `--external-checks-public-key`: `make sign KEY=private.pem`.

checkov wants the last line of every Python file to be `# checkov-digest: ` and the DER signature, in hexadecimal, of
everything before that line: ECDSA on P-256 with SHA-256.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from ecdsa import NIST256p, SigningKey  # installed with checkov
from ecdsa.util import sigencode_der

TRAILER = b"# checkov-digest: "


def sign(key: SigningKey, text: bytes) -> bytes:
    """Give a file's text with its trailer; one that is there already is replaced."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(TRAILER)]
    payload = b"".join(lines)
    if payload and not payload.endswith(b"\n"):
        payload += b"\n"
    signature = key.sign_deterministic(payload, hashfunc=hashlib.sha256, sigencode=sigencode_der)
    return payload + TRAILER + signature.hex().encode() + b"\n"


def main(arguments: list[str]) -> int:
    """Sign every Python file below a folder: `sign_checks.py PRIVATE_KEY FOLDER`."""
    if len(arguments) != 2:
        print("usage: sign_checks.py PRIVATE_KEY FOLDER", file=sys.stderr)
        return 2
    path, folder = Path(arguments[0]), Path(arguments[1])
    try:
        key = SigningKey.from_pem(path.read_bytes())
    except Exception as error:  # ecdsa raises many kinds for what is not a key
        print(f"{path} cannot be used as a private key: {error}", file=sys.stderr)
        return 2
    if key.curve != NIST256p:
        print(f"{path} is a key on {key.curve.name}; checkov accepts P-256 (prime256v1) only", file=sys.stderr)
        return 2
    files = sorted(folder.rglob("*.py"))
    if not files:
        print(f"{folder} holds no Python file", file=sys.stderr)
        return 2
    for file in files:
        file.write_bytes(sign(key, file.read_bytes()))
    print(f"signed {len(files)} files in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
