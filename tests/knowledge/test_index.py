"""The index on disk: building, changing, breaking."""

import random
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc.knowledge import index_files
from kcc.knowledge.index import IndexUnavailable, Lexicon, apply, build, position
from kcc.knowledge.search import Engine
from tests.knowledge.searching import AGENT, DOCUMENTS, LEXICON, document, engine, slugs


def every_file(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != "LOCK")


def test_position_is_kept_with_the_index(tmp_path: Path) -> None:
    assert position(tmp_path) is None
    build(tmp_path, DOCUMENTS, lexicon=LEXICON, position=7)
    assert position(tmp_path) == 7
    apply(tmp_path, [], ["grofvuil"], lexicon=LEXICON, position=8)
    assert position(tmp_path, LEXICON) == 8


def test_another_lexicon_or_version_is_no_usable_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = engine(tmp_path)
    found.refresh()
    other = Lexicon(words=frozenset({"anders"}))
    assert position(tmp_path, other) is None
    with pytest.raises(IndexUnavailable):
        Engine(tmp_path, other).search("paspoort", AGENT)
    with pytest.raises(IndexUnavailable):
        apply(tmp_path, DOCUMENTS[:1], [], lexicon=other, position=2)
    monkeypatch.setattr(index_files, "SCHEMA_VERSION", 10_000)
    assert position(tmp_path) is None
    assert slugs(found, "container") == ["container"]


def test_progress_counts_articles(tmp_path: Path) -> None:
    seen: list[int] = []
    build(tmp_path, DOCUMENTS, lexicon=LEXICON, position=0, progress=seen.append)
    assert seen == list(range(1, len(DOCUMENTS) + 1))


def test_an_empty_kennisbank_answers_nothing(tmp_path: Path) -> None:
    found = engine(tmp_path, [])
    assert slugs(found, "paspoort") == []
    apply(tmp_path, DOCUMENTS[:1], [], lexicon=LEXICON, position=2)
    assert slugs(found, "paspoort") == ["paspoort-aanvragen"]


def test_changes_are_found_at_once(tmp_path: Path) -> None:
    found = engine(tmp_path)
    before = found.refresh()
    new = document("nieuw", "Vliegerverbod")
    changed = replace(DOCUMENTS[2], title="Bankstel weg", short_answer="Bel.")
    apply(tmp_path, [new, changed], ["container"], lexicon=LEXICON, position=2)
    assert found.refresh() != before
    assert slugs(found, "vliegerverbod") == ["nieuw"]
    assert slugs(found, "vliegervrebod") == ["nieuw"]
    assert slugs(found, "vlieg", typing=True) == ["nieuw"]
    assert slugs(found, "bankstel") == ["grofvuil"]
    assert slugs(found, "ophalen") == []
    assert slugs(found, "container") == []


def test_an_article_is_there_once_however_often_it_changes(tmp_path: Path) -> None:
    found = engine(tmp_path)
    for number in range(40):
        changed = replace(DOCUMENTS[number % 3], title=f"Versie nummer{number}")
        apply(tmp_path, [changed], [], lexicon=LEXICON, position=number)
        assert slugs(found, f"nummer{number}") == [changed.slug]
    assert sorted(slugs(found, "versie")) == ["grofvuil", "paspoort-aanvragen", "paspoort-kwijt"]
    assert slugs(found, "nummer36") == []
    files = {path.name for path in every_file(tmp_path)}
    assert len(files) < 60


def test_of_two_upserts_of_one_slug_the_last_holds(tmp_path: Path) -> None:
    found = engine(tmp_path)
    versions = [document("twee", "Eerste vlieger"), document("twee", "Tweede vlieger")]
    apply(tmp_path, versions, ["twee"], lexicon=LEXICON, position=2)
    [hit] = found.search("vlieger", AGENT).hits
    assert hit.title == "Tweede vlieger"


def test_a_rebuild_replaces_everything_and_removes_the_old(tmp_path: Path) -> None:
    found = engine(tmp_path)
    assert slugs(found, "grofvuil")[0] == "grofvuil"
    build(tmp_path, [document("nieuw", "Vliegerverbod")], lexicon=LEXICON, position=2)
    assert slugs(found, "grofvuil") == []
    assert slugs(found, "vliegerverbod") == ["nieuw"]
    assert len(list(tmp_path.glob("generation-*"))) == 1


def test_a_build_that_fails_leaves_what_was(tmp_path: Path) -> None:
    found = engine(tmp_path)

    def broken() -> object:
        yield DOCUMENTS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        build(tmp_path, broken(), lexicon=LEXICON, position=2)  # type: ignore[arg-type]
    assert position(tmp_path) == 1
    assert slugs(found, "container") == ["container"]
    assert len(list(tmp_path.glob("generation-*"))) == 1


def test_what_a_crash_left_behind_goes_with_the_next_change(tmp_path: Path) -> None:
    engine(tmp_path)
    [folder] = tmp_path.glob("generation-*")
    (folder / "_MAIN_99.toc").write_bytes(b"half")
    (tmp_path / "generation-old").mkdir()
    apply(tmp_path, [document("nieuw", "Vliegerverbod")], [], lexicon=LEXICON, position=2)
    assert not (folder / "_MAIN_99.toc").exists()
    assert not (tmp_path / "generation-old").exists()
    assert slugs(Engine(tmp_path, LEXICON), "vliegerverbod") == ["nieuw"]


def test_without_an_index_the_answer_is_busy(tmp_path: Path) -> None:
    found = Engine(tmp_path, LEXICON)
    for ask in (found.search, found.complete, found.related):
        with pytest.raises(IndexUnavailable):
            ask("paspoort", AGENT)
    build(tmp_path, DOCUMENTS, lexicon=LEXICON, position=1)
    assert slugs(found, "container") == ["container"]


def test_a_loaded_index_keeps_answering_when_its_files_go(tmp_path: Path) -> None:
    found = engine(tmp_path)
    found.refresh()
    shutil.rmtree(tmp_path)
    assert slugs(found, "container") == ["container"]
    assert position(tmp_path) is None
    build(tmp_path, [document("nieuw", "Vliegerverbod")], lexicon=LEXICON, position=2)
    assert slugs(found, "vliegerverbod") == ["nieuw"]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.sampled_from(["truncate", "remove", "garbage", "flip", "grow", "empty"]))
def test_a_damaged_file_is_never_a_wrong_answer(tmp_path: Path, chance: random.Random, harm: str) -> None:
    root = tmp_path / f"{chance.getrandbits(64):x}"
    engine(root)
    apply(root, [document("nieuw", "Vliegerverbod")], ["grofvuil"], lexicon=LEXICON, position=2)
    victim = chance.choice(every_file(root))
    content = victim.read_bytes()
    place = chance.randrange(len(content))
    if harm == "remove":
        victim.unlink()
    else:
        flipped = content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
        victim.write_bytes(
            {
                "truncate": content[:place],
                "garbage": chance.randbytes(len(content)),
                "flip": flipped,
                "grow": content + b"\0",
                "empty": b"",
            }[harm]
        )
    found = Engine(root, LEXICON)
    try:
        answers = slugs(found, "container"), slugs(found, "vliegerverbod"), slugs(found, "grofvuil")
    except IndexUnavailable:
        assert position(root) is None
        with pytest.raises(IndexUnavailable):
            apply(root, [document("nog-een", "Nog een")], [], lexicon=LEXICON, position=3)
    else:
        # Harm that leaves the manifest as good as it was, such as a byte after it, may be read over.
        assert answers == (["container"], ["nieuw"], [])
    shutil.rmtree(root)


def test_searching_goes_on_while_the_index_is_rebuilt_changed_and_deleted(tmp_path: Path) -> None:
    found = engine(tmp_path)
    found.refresh()
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answer = slugs(found, f"container vlieger{random.random()}")[:1]
                found.complete("conta", AGENT)
            except IndexUnavailable:
                continue
            except BaseException as problem:
                wrong.append(problem)
                return
            if answer != ["container"]:
                wrong.append(answer)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for number in range(12):
        apply(tmp_path, [document(f"extra-{number}", "Iets anders")], [], lexicon=LEXICON, position=number)
        if number % 4 == 1:
            build(tmp_path, DOCUMENTS, lexicon=LEXICON, position=number)
        if number % 4 == 3:
            shutil.rmtree(tmp_path)
            build(tmp_path, DOCUMENTS, lexicon=LEXICON, position=number)
    done.set()
    for asker in askers:
        asker.join()
    assert wrong == []


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    engine(tmp_path)
    problems: list[BaseException] = []

    def change(name: str) -> None:
        try:
            for number in range(5):
                apply(tmp_path, [document(f"{name}-{number}", f"Vlieger {name}")], [], lexicon=LEXICON, position=number)
        except BaseException as problem:
            problems.append(problem)

    writers = [threading.Thread(target=change, args=(name,)) for name in ("aap", "noot", "mies")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert problems == []
    assert Engine(tmp_path, LEXICON).search("vlieger", AGENT).total == 15


def test_the_lock_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with index_files.write_lock(tmp_path), pytest.raises(IndexUnavailable, match="another process"):  # noqa: SIM117
        with index_files.write_lock(tmp_path, timeout=0):
            pass
