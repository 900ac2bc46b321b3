"""The Dockerfile, without Docker: what it promises is read, and what it runs is run in a folder of its own."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

from lorbot.sandbox.server import MailServer

ROOT = Path(__file__).parent.parent
STEPS = "DOCKERFILE_STEPS"  # set by .ci/run: the steps need the network and half a minute

CONFIGURATION = """\
[mailbox]
address = "lorbot@school.example"
password_file = "password.txt"
imap_host = "127.0.0.1"
imap_port = {imap}
imap_security = "plain"
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "plain"
[[applicants]]
name = "Nadia Rahman"
email = "nadia@students.example"
"""


@dataclass(frozen=True)
class Instruction:
    word: str
    argument: str

    @property
    def listed(self) -> list[str]:
        """The argument in exec form; a shell form fails here."""
        return list(json.loads(self.argument))


def stages() -> list[list[Instruction]]:
    """The instructions of each stage, comments and line ends taken out."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [" ".join(line.split()) for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    found: list[list[Instruction]] = []
    for word, argument in (line.split(" ", 1) for line in lines):
        if word == "FROM":
            found.append([])
        found[-1].append(Instruction(word, argument))
    return found


def only(stage: list[Instruction], word: str) -> Instruction:
    [found] = [each for each in stage if each.word == word]
    return found


BUILD, FINAL = stages()


def test_both_stages_begin_with_the_same_slim_python() -> None:
    begun = [only(stage, "FROM").argument for stage in (BUILD, FINAL)]
    assert begun == ["python:3.12-slim AS build", "python:3.12-slim"]


def test_the_daemon_is_process_one_runs_without_rights_and_keeps_its_state_in_a_volume() -> None:
    said = {word: only(FINAL, word).argument for word in ("USER", "VOLUME", "ENTRYPOINT", "CMD")}
    assert said == {
        "USER": "lorbot", "VOLUME": "/var/lib/lorbot", "ENTRYPOINT": '["lorbot"]', "CMD": '["run"]',
    }  # fmt: skip
    words = [each.word for each in FINAL]
    assert words.index("RUN") < words.index("USER"), "what needs rights comes first"
    assert "--mode=0700 --owner=lorbot --group=lorbot /var/lib/lorbot" in only(FINAL, "RUN").argument


def test_the_health_check_asks_the_daemon_itself() -> None:
    options, command = only(FINAL, "HEALTHCHECK").argument.split(" CMD ")
    assert (options, json.loads(command)) == (
        "--interval=2m --timeout=30s --start-period=3m",
        ["lorbot", "health"],
    )


def test_configuration_and_state_lie_where_the_documents_say() -> None:
    assert environment(FINAL) == {
        "PATH": "/opt/lorbot/bin:$PATH",
        "PYTHONUNBUFFERED": "1",
        "LORBOT_CONFIG": "/etc/lorbot/config.toml",
        "LORBOT_STATE__FOLDER": "/var/lib/lorbot",
    }
    operating = (ROOT / "docs" / "operating.md").read_text()
    assert all(place in operating for place in ("/etc/lorbot", "/var/lib/lorbot"))


def test_all_that_is_copied_is_in_the_repository_and_not_ignored() -> None:
    sources = copied()
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert [name for name in sources if is_ignored(name)] == []
    assert is_ignored("config.toml")
    assert is_ignored(".git")
    assert is_ignored("state")


@pytest.mark.skipif(STEPS not in os.environ, reason="the Dockerfile's steps are run by .ci/run")
def test_its_steps_make_a_daemon_that_starts_is_found_well_and_ends_on_sigterm(
    mail_server: MailServer, tmp_path: Path
) -> None:
    image = built(tmp_path)
    config = image / "etc/lorbot/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(CONFIGURATION.format(imap=mail_server.imap_port, smtp=mail_server.smtp_port))
    (config.parent / "password.txt").write_text("pw\n")
    (config.parent / "password.txt").chmod(0o600)
    (image / "var/lib/lorbot").mkdir(parents=True, mode=0o700)

    values = {name: value.replace("$PATH", os.defpath) for name, value in environment(FINAL).items()}
    env = {name: inside(image, value) for name, value in values.items()}
    command = only(FINAL, "ENTRYPOINT").listed + only(FINAL, "CMD").listed
    checking = json.loads(only(FINAL, "HEALTHCHECK").argument.split(" CMD ")[1])

    def is_well() -> bool:
        program = shutil.which(checking[0], path=env["PATH"])
        assert program is not None
        return subprocess.run([program, *checking[1:]], env=env, cwd=tmp_path, check=False).returncode == 0

    assert not is_well()
    program = shutil.which(command[0], path=env["PATH"])
    assert program is not None
    with subprocess.Popen([program, *command[1:]], env=env, cwd=tmp_path) as daemon:
        try:
            until = time.monotonic() + 20
            while not is_well() and time.monotonic() < until:
                time.sleep(0.2)
            well = is_well()
            daemon.send_signal(signal.SIGTERM)
            assert (well, daemon.wait(timeout=10)) == (True, 0)  # after 10 seconds Docker kills
        finally:
            daemon.kill()


def environment(stage: list[Instruction]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(only(stage, "ENV").argument))


def copied() -> list[str]:
    """What is taken from the repository into the build stage."""
    return [name for each in BUILD if each.word == "COPY" for name in each.argument.split()[:-1]]


def is_ignored(name: str) -> bool:
    """By .dockerignore: the last pattern that fits decides."""
    lines = [x for x in (ROOT / ".dockerignore").read_text().splitlines() if x and not x.startswith("#")]
    fitting = [line for line in lines if fnmatch(name, line.removeprefix("!"))]
    return bool(fitting) and not fitting[-1].startswith("!")


def built(folder: Path) -> Path:
    """The first stage's steps, run in `folder` as if it were the root of the file system."""
    image = folder / "image"
    source = image / "src"
    source.mkdir(parents=True)
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    for each in BUILD:
        if each.word == "RUN":
            command = inside(image, each.argument)
            command = re.sub(r"^pip ", f"{shlex.quote(sys.executable)} -m pip ", command)
            command = re.sub(r"^python ", f"{shlex.quote(sys.executable)} ", command)
            subprocess.run(command, shell=True, cwd=source, check=True)
    return image


def inside(image: Path, command: str) -> str:
    """The absolute paths of the image as paths in the folder that stands for it."""
    return re.sub(r"(?<![\w.*/-])/(?=(?:src|dist|opt/lorbot|etc/lorbot|var/lib/lorbot)\b)", f"{image}/", command)
