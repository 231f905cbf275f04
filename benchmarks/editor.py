"""What a keystroke costs in the editor, beside a scan by checkov that is warm: `python benchmarks/editor.py`.

Two documents: the module of a root of fifty files from which its trail comes, and a template of two thousand lines.
Each is typed into, character by character. Measured are the analysis alone, and the time from the notification of a
change to the diagnostics of that text, through a real server on stdio that pushes them.

Before that, how long the server takes to answer `initialize`, beside what importing the protocol's types alone takes;
and what the first document and a keystroke cost in a workspace of ten thousand files.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from terraform_scale import CALL, TRAIL, VARIABLES, ordinary, sparse, write

from checkov_cloudtrail.lsp.folder import Folder

PATIENCE = 60
TYPED = "# a note that somebody types above it all\n"

HEAD = """Parameters:
  Multi:
    Type: String
    Default: 'false'
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: !Ref Logs
      IsLogging: true
      IsMultiRegionTrail: !Ref Multi
  Logs:
    Type: AWS::S3::Bucket
"""
PAIR = """  Queue{index}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub ${{AWS::StackName}}-{index}
      VisibilityTimeout: 30
      RedrivePolicy:
        maxReceiveCount: 5
        deadLetterTargetArn: !GetAtt Topic{index}.TopicArn
      Tags:
        - Key: team
          Value: platform
        - Key: tier
          Value: shared
  Topic{index}:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: topic-{index}
      Subscription:
        - Endpoint: audit@example.com
          Protocol: email
"""


@dataclass(frozen=True)
class Document:
    """A file to type into, and the framework that checkov scans its directory as."""

    name: str
    directory: Path
    path: str
    framework: str
    language: str

    def texts(self, strokes: int) -> Iterator[str]:
        """Give the text after each keystroke: a comment grows above it, and is started anew."""
        before = (self.directory / self.path).read_text(encoding="utf-8")
        for stroke in range(strokes):
            lines, letters = divmod(stroke, len(TYPED))
            typed = TYPED[: letters + 1]
            yield TYPED * lines + typed + ("" if typed.endswith("\n") else "\n") + before


def root(directory: Path) -> Document:
    """A root of fifty files: a trail through a module, its values in a tfvars file, everyday Terraform around it."""
    write(directory / "modules/trail/main.tf", TRAIL)
    write(directory / "modules/trail/variables.tf", VARIABLES)
    write(directory / "live/main.tf", CALL.format(source="../modules/trail"))
    write(directory / "live/variables.tf", VARIABLES)
    write(directory / "live/terraform.tfvars", 'name = "main"\n')
    for index in range(45):
        write(directory / f"live/part{index:02}.tf", ordinary(index))
    subprocess.run(["git", "init", "-q"], cwd=directory, check=True)
    return Document("a root of 50 files", directory, "modules/trail/main.tf", "terraform", "terraform")


def template(directory: Path) -> Document:
    """A template of two thousand lines, one trail among other resources."""
    text = HEAD + "".join(PAIR.format(index=index) for index in range(102))
    write(directory / "template.yaml", text)
    return Document("a template of 2,000 lines", directory, "template.yaml", "cloudformation", "yaml")


def start_seconds() -> tuple[float, float]:
    """Seconds to the answer to `initialize`, and of importing lsprotocol's types; the shortest of some, in turns."""
    request = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"capabilities":{}}}'
    command = str(Path(sys.executable).parent / "checkov-cloudtrail")
    ours, types_alone = [], []
    for _ in range(7):
        started = time.perf_counter()
        pipe = subprocess.PIPE
        with subprocess.Popen([command, "lsp"], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as server:
            assert server.stdin
            assert server.stdout
            server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(request), request))
            server.stdin.flush()
            server.stdout.readline()
            ours.append(time.perf_counter() - started)
            server.kill()
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import lsprotocol.types"], check=True)
        types_alone.append(time.perf_counter() - started)
    return min(ours), min(types_alone)


def large(directory: Path) -> Document:
    """A root with a trail among ten thousand files."""
    sparse(directory, 10_000)
    subprocess.run(["git", "init", "-q"], cwd=directory, check=True)
    return Document("a workspace of 10,000 files", directory, "roots/r00001/main.tf", "terraform", "terraform")


def checkov_seconds(document: Document, runs: int) -> float:
    """The shortest scan of the directory by checkov in this process, after one that warmed it up."""
    from checkov.cloudformation.runner import Runner as CloudFormation
    from checkov.runner_filter import RunnerFilter
    from checkov.terraform.runner import Runner as Terraform

    times = []
    for _ in range(runs + 1):
        runner = Terraform() if document.framework == "terraform" else CloudFormation()
        chosen = RunnerFilter(framework=[document.framework], download_external_modules=False)
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            runner.run(root_folder=str(document.directory), runner_filter=chosen)
        times.append(time.perf_counter() - started)
    return min(times[1:])


def analysis(document: Document, strokes: int) -> list[float]:
    """Seconds of each analysis; the first one reads everything."""
    folder = Folder(document.directory)
    times = []
    for revision, text in enumerate(document.texts(strokes + 1)):
        started = time.perf_counter()
        answer = folder.judge([document.path], {document.path: text.encode()}, revision, lambda: False)
        times.append(time.perf_counter() - started)
        folder.views |= answer.views
    return times


async def through_the_server(document: Document, strokes: int) -> list[float]:
    """Seconds from each change notification to the diagnostics of that version."""
    client = LanguageClient("benchmark", "1")
    published: asyncio.Queue[tuple[int | None, int]] = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def take(params: types.PublishDiagnosticsParams) -> None:
        published.put_nowait((params.version, len(params.diagnostics)))

    async def answer(version: int) -> None:
        while True:
            found, diagnostics = await asyncio.wait_for(published.get(), PATIENCE)
            if found == version:
                assert diagnostics, "the trail of the benchmark has findings"
                return

    uri = (document.directory / document.path).as_uri()
    await client.start_io(str(Path(sys.executable).parent / "checkov-cloudtrail"), "lsp")
    folder = types.WorkspaceFolder(document.directory.as_uri(), "here")
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), workspace_folders=[folder]))
    client.initialized(types.InitializedParams())
    before = (document.directory / document.path).read_text(encoding="utf-8")
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, document.language, 0, before))
    )
    await answer(0)
    times = []
    for version, text in enumerate(document.texts(strokes), start=1):
        change = types.TextDocumentContentChangeWholeDocument(text)
        started = time.perf_counter()
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), [change])
        )
        await answer(version)
        times.append(time.perf_counter() - started)
    await asyncio.wait_for(client.shutdown_async(None), PATIENCE)
    client.exit(None)
    await client.stop()
    return times


def line(what: str, times: Sequence[float], scan: float) -> str:
    """Median and 95th percentile, and what part of checkov's scan the latter is."""
    middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    ratio = f"1/{scan / high:.0f} of checkov's scan"
    return f"  {what:<27} median {1000 * middle:6.1f} ms, 95 % {1000 * high:6.1f} ms, {ratio}"


def main() -> None:
    """Print what a keystroke costs in both documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=100)
    parser.add_argument("--runs", type=int, default=2, help="warm scans by checkov; the shortest counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        ours, types_alone = start_seconds()
        print(f"start: {1000 * ours:.0f} ms to the answer to initialize; lsprotocol alone: {1000 * types_alone:.0f} ms")
        first, *later = analysis(many := large(Path(scratch).resolve() / "many"), options.strokes)
        print(f"{many.name}: first {1000 * first:.0f} ms, a keystroke {1000 * statistics.median(later):.1f} ms")
        documents = [make(Path(scratch).resolve() / make.__name__) for make in (root, template)]
        gc.freeze()  # as the server does
        alone = [analysis(document, options.strokes)[1:] for document in documents]
        served = [asyncio.run(through_the_server(document, options.strokes)) for document in documents]
        # checkov comes last: what it leaves in memory must not slow us down.
        for document, own, answers in zip(documents, alone, served, strict=True):
            scan = checkov_seconds(document, options.runs)
            print(f"{document.name}; a warm scan by checkov: {1000 * scan:.0f} ms")
            print(line("analysis", own, scan))
            print(line("notification to diagnostics", answers, scan), flush=True)


if __name__ == "__main__":
    main()
