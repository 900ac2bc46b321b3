"""The operator's own templates, looked through before a mail is made of one."""

from pathlib import Path

from lorbot import example
from lorbot.core.policy import Policy
from lorbot.errors import TemplateError
from lorbot.mail.lint import Fault, faults, pieces
from lorbot.mail.render import Renderer

_MEND = "mend that; `lorbot preview` shows how the mail reads"


def first_fault(folder: Path, policy: Policy) -> Fault | None:
    """What is wrong with a file of `folder`, or with a mail that takes it in; None where nothing is."""
    renderer, built_in = Renderer(folder), Renderer().names()
    sources = renderer.sources()
    own = {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")}
    for name in renderer.names():
        taken_in = own & pieces(name, sources)
        if not taken_in:
            continue
        if name not in built_in:
            remedy = "name it as `lorbot preview` lists the mails, or remove it"
            return Fault(file=f"{name}.txt", line=1, what="no mail has this name", remedy=remedy)
        sample = example.context(name, policy)
        for fault in faults(name, sources, sample):
            if fault.file in own:
                return fault
        try:
            renderer.render(name, sample)
        except TemplateError as refused:
            return Fault(file=min(taken_in), line=1, what=str(refused), remedy=_MEND)
    return None
