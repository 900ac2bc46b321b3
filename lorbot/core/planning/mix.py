"""What an application wants: how many letters and of which types, from its service and from its programmes.

A letter fills one place. What a service or a programme says that it must have is required; what its programmes usually
want is usual. Programmes that want the same are one reader.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from lorbot.core import services
from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Dossier
from lorbot.core.letter_types import LetterType, any_of
from lorbot.core.service import Sender, Service, StandardForm, Wanted
from lorbot.core.value import Line, value


@value
class Place:
    """Letters of one type that are wanted."""

    type: LetterType
    least: int
    required: bool
    also: tuple[LetterType, ...] = ()  # a letter of such a type does as well
    instead: tuple[LetterType, ...] = ()  # one letter of such a type satisfies the place
    words: Line = ""  # the rule as a sentence


@value
class Reader:
    """Who reads the letters and wants the same: the service as a whole, or programmes."""

    programmes: tuple[Line, ...] = ()  # names; () for the application as a whole
    specialty: Line = ""
    places: tuple[Place, ...] = ()
    needs: int = 0  # so many letters must come together
    usual: int = 0  # so many are usually wanted; 0 where nobody says
    most: int | None = None  # so many may be sent to one
    instead: tuple[LetterType, ...] = ()  # one letter of such a type is all the letters that are needed

    @property
    def many(self) -> int:
        return max(len(self.programmes), 1)


@value
class Mix:
    """All that an application wants."""

    application: Line
    service: Service
    most: int | None = None
    readers: tuple[Reader, ...] = ()
    form: StandardForm | None = None
    solicited: bool = False  # the institution chooses and asks the writers
    unknown: bool = False  # nobody says how many letters are wanted

    @property
    def specialties(self) -> tuple[Line, ...]:
        return tuple(dict.fromkeys(reader.specialty for reader in self.readers))

    @property
    def whole(self) -> Reader:
        """Who stands for the application: those that most programmes belong to."""
        return max(self.readers, key=lambda reader: reader.many if reader.programmes else 0)


def mix_of(dossier: Dossier, application: Application, service: Service) -> Mix:
    """What `application` wants, of which `service` and the applicant's programmes tell."""
    own = _plain(dossier.applicant.specialty)
    programmes = sorted(dossier.programmes_of(application.id), key=lambda p: (len(p.id), p.id))
    solicited = service.sender is Sender.INSTITUTION
    chooses = service.counts.most_per_programme is not None or service.assigned_to_programmes
    whole = _of_service(service, own, counts_usual=not (chooses and programmes))
    if chooses and programmes:  # what is usual is each programme's own; the service has its numbers alone
        whole = replace(whole, places=(), most=None)
    readers = _grouped(_of_programme(p, service, own, chooses) for p in programmes)
    known = [r for r in (whole, *readers) if r.needs or r.usual or r.places]
    planned = sum(1 for x in dossier.letters if x.application == application.id)
    return Mix(
        application=application.id, service=service, most=service.counts.most, solicited=solicited,
        readers=() if solicited else tuple(known) or (replace(whole, usual=planned),),
        form=form_of(service, own), unknown=not known and not solicited,
    )  # fmt: skip


def form_of(service: Service, specialty: str) -> StandardForm | None:
    """The standardized letter of the specialty, where there is one."""
    return next((f for f in services.forms_for(service, specialty) if specialty and f.specialty), None)


def is_usual(form: StandardForm | None) -> bool:
    """Whether whoever writes in the specialty fills in its form."""
    return bool(form and (form.built_in or form.replaces_narrative))


def _of_service(service: Service, specialty: str, *, counts_usual: bool = True) -> Reader:
    counts = service.counts
    places = _places(service, specialty)
    wanted = _wanted(service, specialty)
    required = sum(w.least for w in wanted if w.required)
    usual = max(counts.typical[0] if counts.typical else 0, sum(w.least for w in wanted))
    return Reader(
        specialty=specialty, places=places, needs=max(counts.least or 0, counts.complete_with or 0, required),
        usual=usual if counts_usual else 0, most=counts.most_per_programme,
        instead=_instead_of(service, LetterType.ANY, specialty),
    )  # fmt: skip


def _of_programme(programme: Programme, service: Service, own: str, chooses: bool) -> Reader:
    """What one programme wants. Where every programme gets all letters, the service's wishes are the application's."""
    specialty = _plain(programme.specialty) or own
    of_service = _of_service(service, specialty) if chooses else Reader()
    named = Counter(ways for line in programme.types if (ways := _ways(line)))
    needs = max(programme.letters or 0, sum(named.values()))
    return Reader(
        programmes=(programme.name,), specialty=specialty, needs=needs,
        places=_with_own(of_service.places, named, service, specialty),
        usual=0 if programme.letters else of_service.usual, most=of_service.most, instead=of_service.instead,
    )  # fmt: skip


def _with_own(
    places: tuple[Place, ...], named: Counter[tuple[LetterType, ...]], service: Service, specialty: str
) -> tuple[Place, ...]:
    """The places of the service with those a programme names: these it must have."""
    usual = [replace(p, least=p.least - named[(p.type,)]) if not p.required else p for p in places]
    own = [
        Place(type=kind, least=least, required=True, also=also, instead=_instead_of(service, kind, specialty))
        for (kind, *more), least in named.items()
        for also in [tuple(more)]
        if also or not any(p.type is kind and p.required and p.least >= least for p in places)
    ]
    mine = {p.type for p in own}
    kept = [p for p in usual if p.least > 0 and not (p.required and p.type in mine)]
    return tuple(sorted((*own, *kept), key=_order))


_NO_PLACE = (LetterType.ANY, LetterType.ARMS_LENGTH)


def _ways(line: str) -> tuple[LetterType, ...]:
    return tuple(kind for kind in any_of(line) if kind not in _NO_PLACE)


def _places(service: Service, specialty: str) -> tuple[Place, ...]:
    """The places of a service. A form of the specialty is a letter from the specialty too."""
    found = [
        Place(
            type=w.type,
            least=w.least,
            required=w.required,
            instead=_instead_of(service, w.type, specialty),
            words=w.words,
        )
        for w in _wanted(service, specialty)
        if w.type not in _NO_PLACE
    ]
    form = form_of(service, specialty)
    if form and not any(p.type is LetterType.STANDARD for p in found) and (form.wanted or form.required):
        least = form.wanted[0] if form.wanted else 1
        found.append(Place(type=LetterType.STANDARD, least=max(least, 1), required=form.required is True))
    forms = sum(p.least for p in found if p.type is LetterType.STANDARD)
    beside = [replace(p, least=p.least - (forms if p.type is LetterType.SPECIALTY else 0)) for p in found]
    return tuple(sorted((p for p in beside if p.least > 0), key=_order))


def _wanted(service: Service, specialty: str) -> list[Wanted]:
    """A letter that stands for others is an alternative, and leaves no gap where nobody writes it."""
    return [w for w in services.wanted_for(service, specialty) if not w.instead_of]


def _instead_of(service: Service, kind: LetterType, specialty: str) -> tuple[LetterType, ...]:
    return tuple(
        w.type
        for w in services.wanted_for(service, specialty)
        if kind in w.instead_of or LetterType.ANY in w.instead_of
    )


def _grouped(readers: Iterable[Reader]) -> list[Reader]:
    groups: dict[Reader, list[str]] = {}
    for reader in readers:
        groups.setdefault(replace(reader, programmes=()), []).extend(reader.programmes)
    return [replace(reader, programmes=tuple(sorted(names))) for reader, names in groups.items()]


def _order(place: Place) -> tuple[bool, str]:
    return not place.required, place.type.value


def _plain(specialty: str) -> str:
    return " ".join(specialty.lower().split())
