"""A stock application of the library, which knows nothing of ledgers, on a ledger: enrolling in courses."""

import threading
from collections.abc import Callable, Iterator

import pytest
from eventsourcing.dcb.application import DCBApplication
from eventsourcing.dcb.domain import Selector
from eventsourcing.dcb.domain import Slice as LibrarySlice
from eventsourcing.dcb.msgpack import Decision, MessagePackMapper
from eventsourcing.domain import event
from eventsourcing.persistence import IntegrityError
from eventsourcing.utils import get_topic

from ledger.engine import open_database
from ledger.verification import verify
from tests.ledger.toy import toy_ledger


class CourseOffered(Decision):
    """A course has so many places."""

    course: str
    places: int


class Enrolled(Decision):
    """A student takes a place."""

    course: str
    student: str


class FullError(Exception):
    """There is no place left."""


class Offer(LibrarySlice[Decision]):
    """Offer a course."""

    def __init__(self, course: str, places: int) -> None:
        """Ask for it."""
        self.course, self.places = course, places

    def consistency_boundary(self) -> list[Selector]:
        return [Selector(types=[CourseOffered], tags=[self.course])]

    def execute(self) -> None:
        self.trigger_event(CourseOffered, tags=[self.course], course=self.course, places=self.places)


class Enrol(LibrarySlice[Decision]):
    """Take a place in a course, once, while there are any."""

    def __init__(self, course: str, student: str) -> None:
        """Ask for it."""
        self.course, self.student = course, student
        self.places = 0
        self.students: set[str] = set()

    def consistency_boundary(self) -> list[Selector]:
        return [Selector(types=[CourseOffered, Enrolled], tags=[self.course])]

    @event(CourseOffered)
    def _(self, places: int) -> None:
        self.places = places

    @event(Enrolled)
    def _(self, student: str) -> None:
        self.students.add(student)

    def execute(self) -> None:
        if self.student in self.students:
            return
        if len(self.students) >= self.places:
            raise FullError
        self.trigger_event(Enrolled, tags=[self.course, self.student], course=self.course, student=self.student)


class Courses(DCBApplication):
    """The application: environment in, slices done."""

    env = {"PERSISTENCE_MODULE": "ledger.recorder", "MAPPER_TOPIC": get_topic(MessagePackMapper)}  # noqa: RUF012

    def enrol(self, course: str, student: str) -> None:
        """Try until no other decision came in between, as the library's users do."""
        while True:
            try:
                self.do(Enrol(course, student))
            except IntegrityError:
                continue
            return


MakeCourses = Callable[[], Courses]


@pytest.fixture
def courses(database_url: str) -> Iterator[MakeCourses]:
    made: list[Courses] = []

    def make() -> Courses:
        made.append(Courses({"LEDGER_DATABASE_URL": database_url, "LEDGER_ID": "courses"}))
        return made[-1]

    yield make
    for application in made:
        application.close()


def test_an_application_enrols_and_reads_what_another_one_recorded(courses: MakeCourses) -> None:
    courses().do(Offer("maths", 2))
    for student in ("ann", "bob", "ann"):
        courses().enrol("maths", student)
    with pytest.raises(FullError):
        courses().enrol("maths", "cy")
    assert [each.event.tags for each in courses().recorder.read()] == [["maths"], ["maths", "ann"], ["maths", "bob"]]


def test_no_place_is_given_twice_however_many_ask_at_once(courses: MakeCourses, database_url: str) -> None:
    courses().do(Offer("maths", 5))
    applications = [courses() for _ in range(4)]
    full: list[str] = []

    def ask(application: Courses, name: str) -> None:
        for number in range(5):
            try:
                application.enrol("maths", f"{name}{number}")
            except FullError:
                full.append(name)

    threads = [threading.Thread(target=ask, args=(each, str(i))) for i, each in enumerate(applications)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(list(courses().recorder.read())), len(full)) == (6, 15)
    engine = open_database(database_url)
    verdict = verify(toy_ledger(engine, ledger_id="courses"))
    engine.dispose()
    assert (verdict.size, verdict.findings) == (6, ())


def test_without_a_url_the_ledger_is_in_memory_and_named_for_the_application() -> None:
    with Courses() as application:
        application.do(Offer("maths", 1))
        assert application.recorder.ledger_id == "courses"  # type: ignore[attr-defined]
