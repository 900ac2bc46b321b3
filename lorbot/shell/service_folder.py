"""The operator's folder of service files, read as texts. What they mean is the core's."""

from pathlib import Path

from lorbot.errors import ServiceFileError


def own_files(folder: Path | None) -> dict[str, tuple[str, str]]:
    """The files by the name of their service: path and text. {} where there is no folder.

    Only what ends in .toml is read. Raises ServiceFileError where something cannot be.
    """
    if folder is None:
        return {}
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
        contents = {path: path.read_bytes() for path in paths}
    except OSError as refused:
        says = f"{refused.filename} cannot be read ({refused.strerror}); mend that, or name another folder"
        raise ServiceFileError([says]) from refused
    wrong = [path for path, content in contents.items() if not _is_utf8(content)]
    if wrong:
        raise ServiceFileError([f"{path} is not UTF-8; save it as UTF-8" for path in wrong])
    return {path.stem: (str(path), content.decode()) for path, content in contents.items()}


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
