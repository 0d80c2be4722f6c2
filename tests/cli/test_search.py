"""``qsearch search``."""

from __future__ import annotations

from pathlib import Path

import pytest

import qsearch
from tests.cli.helpers import Fill, Run, WriteArticle


def test_it_prints_one_json_document_of_the_fixed_shape(run: Run, sample: Path) -> None:
    result = run("search", "neurons", "--json")
    assert result.code == 0
    assert result.err == ""
    document = result.document
    assert list(document) == [
        "query", "total", "total_exact", "took_ms", "notes", "suggestion", "facets", "hits",
    ]  # fmt: skip
    assert document["query"] == "neurons"
    assert document["total"] == 2
    assert document["total_exact"] is True
    assert document["took_ms"] > 0
    assert document["facets"] == {"subject": {"Biology": 2, "Health Studies": 1}}
    first = document["hits"][0]
    assert list(first) == [
        "rank", "score", "id", "title", "subjects", "urls", "date", "snippet", "marks", "path",
        "line",
    ]  # fmt: skip
    assert first["urls"] == ["/biology/neurons", "/health/neurons"]
    assert first["subjects"] == ["Biology", "Health Studies"]
    assert first["date"] == "2024-05-01"
    assert (first["rank"], first["id"], first["path"], first["line"]) == (
        1, "1", "/articles/neurons.md", 1,
    )  # fmt: skip
    assert "**" not in first["snippet"]
    assert [first["snippet"][start:end] for start, end in first["marks"]] == ["neuron"]


def test_a_hit_without_date_and_file_has_null(run: Run, sample: Path) -> None:
    (hit,) = run("search", "triplet", "--json").document["hits"]
    assert (hit["date"], hit["path"], hit["line"]) == (None, None, None)


def test_in_a_pipe_a_hit_is_a_block_of_plain_lines(run: Run, sample: Path) -> None:
    result = run("search", "neurons")
    assert result.code == 0
    assert "\x1b" not in result.out
    first, second, summary = result.out.split("\n\n")
    assert first.splitlines() == [
        "1. How do neurons fire?",
        "   Biology, Health Studies | 2024-05-01",
        "   A neuron fires when its membrane is excited. Sodium rushes in: $Na^+$.",
        "   /biology/neurons",
        "   /health/neurons",
        "   /articles/neurons.md:1",
    ]
    assert second.startswith("2. Sodium\n   Biology | 2023-01-01\n")
    assert summary.startswith("2 results in ")
    assert summary.endswith(" ms: Biology 2, Health Studies 1\n")


def test_a_file_under_the_current_folder_is_shown_from_there(
    run: Run, write_article: WriteArticle
) -> None:
    write_article("docs/a.md", url="/a", title="alpha")
    run("index", "docs")
    assert "   docs/a.md:1\n" in run("search", "alpha").out


def test_on_a_terminal_the_words_of_the_query_are_highlighted(run: Run, sample: Path) -> None:
    result = run("search", "neurons", terminal=True)
    assert "\x1b[1mHow do neurons fire?\x1b[0m" in result.out
    assert "\x1b[1;31mneuron\x1b[0m" in result.out
    assert "/biology/neurons" in result.out


def test_a_url_stays_whole_on_a_narrow_terminal(
    run: Run, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "/" + "very-long-" * 20
    fill(qsearch.Article(url=url, title="alpha"))
    assert url in run("search", "alpha", terminal=True).out


def test_with_no_color_a_terminal_gets_no_codes(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    result = run("search", "neurons", terminal=True)
    assert "\x1b" not in result.out + result.err
    assert "How do neurons fire?" in result.out


def test_the_words_of_a_query_may_be_several_arguments(run: Run, sample: Path) -> None:
    assert run("search", "soft", "metal", "--json").document["query"] == "soft metal"
    assert run("search", "soft", "metal", "-n", "1", "--json").document["total"] == 1


def test_a_query_may_begin_with_a_minus_after_two(run: Run, sample: Path) -> None:
    document = run("search", "--json", "--", "-sodium", "neurons").document
    assert document["query"] == "-sodium neurons"
    assert document["total"] == 0  # both that speak of neurons speak of sodium too


def test_an_unknown_option_may_be_meant_as_a_word(run: Run, sample: Path) -> None:
    assert "write -- before it" in run("search", "neurons", "-xodium").complaint
    complaint = run("search", "neurons", "--limt", "3").complaint
    assert "Did you mean" in complaint
    assert "-- before" not in complaint


def test_subjects_are_any_of_the_given_in_any_case(run: Run, sample: Path) -> None:
    def urls(*names: str) -> set[str]:
        options = [part for name in names for part in ("-s", name)]
        hits = run("search", "*", "--json", *options).document["hits"]
        return {hit["urls"][0] for hit in hits}

    assert urls("music") == {"/music/threes"}
    assert urls("MUSIC", "health studies") == {"/music/threes", "/health/neurons"}


def test_an_unknown_subject_is_a_note_with_near_names(run: Run, sample: Path) -> None:
    result = run("search", "neurons", "-s", "Biolgy")
    assert (result.code, result.out) == (1, "")
    note, nothing = result.err.splitlines()
    assert note.startswith("note: ")
    assert "Biology" in note
    assert nothing == "nothing found for: neurons"


def test_limit_and_offset_give_a_page(run: Run, sample: Path) -> None:
    every = [hit["urls"] for hit in run("search", "*", "--json").document["hits"]]
    page = run("search", "*", "--json", "-n", "2", "--offset", "1").document
    assert [hit["urls"] for hit in page["hits"]] == every[1:3]
    assert [hit["rank"] for hit in page["hits"]] == [2, 3]
    assert page["total"] == 4
    assert "\n2-3 of 4 results in " in run("search", "*", "-n", "2", "--offset", "1").out
    assert "\n4 of 4 results in " in run("search", "*", "--offset", "3").out


def test_limit_0_only_counts(run: Run, sample: Path) -> None:
    result = run("search", "neurons", "-n", "0")
    assert result.code == 0
    assert result.out.startswith("2 results in ")
    assert result.out.count("\n") == 1
    assert run("search", "neurons", "-n", "0", "--json").document["hits"] == []


def test_one_result_is_one_result(run: Run, sample: Path) -> None:
    assert "1 result in " in run("search", "triplet").out


def test_a_long_list_of_subjects_is_cut_in_the_summary(run: Run, fill: Fill) -> None:
    fill(*(qsearch.Article(url=f"/{n}", title="alpha", subject=f"Subject {n}") for n in range(7)))
    summary = run("search", "alpha", "-n", "0").out
    assert summary.endswith("Subject 4 1, 2 more subjects\n")


def test_days_are_inclusive(run: Run, sample: Path) -> None:
    def found(*options: str) -> object:
        return run("search", "*", "--json", *options).document["total"]

    assert found("--since", "2024-05-01") == 1
    assert found("--since", "2024-05-02") == 0
    assert found("--until", "2023-01-01") == 1


def test_sort_by_day(run: Run, sample: Path) -> None:
    hits = run("search", "*", "--sort", "oldest", "--json").document["hits"]
    assert [hit["date"] for hit in hits] == ["2023-01-01", "2024-05-01", None, None]


@pytest.mark.parametrize(
    "fields", [["--fields", "question,answer"], ["--fields", "question", "--fields", "answer"]]
)
def test_fields_are_separated_by_commas_or_repeated(
    run: Run, sample: Path, fields: list[str]
) -> None:
    assert run("search", "action", *fields, "--json").document["total"] == 0
    assert run("search", "action", "--json").document["total"] == 1


def test_keyword_boost_0_searches_no_keywords(run: Run, sample: Path) -> None:
    assert run("search", "action", "--keyword-boost", "0", "--json").document["total"] == 0


def test_what_is_ignored_is_a_note(run: Run, sample: Path) -> None:
    result = run("search", '"neurons')
    assert result.code == 0
    assert result.err.startswith("note: ")
    assert result.err.endswith(" (at character 1)\n")
    (note,) = run("search", '"neurons', "--json").document["notes"]
    assert note["position"] == 0


def test_in_strict_mode_it_is_an_error(run: Run, sample: Path) -> None:
    assert "leave --strict out" in run("search", '"neurons', "--strict").complaint


def test_did_you_mean(run: Run, sample: Path) -> None:
    result = run("search", "sodim")
    assert result.code == 1
    assert result.err.splitlines() == ["nothing found for: sodim", "did you mean: sodium"]
    assert run("search", "sodim", "--json").document["suggestion"] == "sodium"


def test_nothing_found_is_exit_1_with_a_whole_document(run: Run, sample: Path) -> None:
    result = run("search", "zebra", "--json")
    assert (result.code, result.err) == (1, "")
    assert (result.document["total"], result.document["hits"]) == (0, [])


def test_an_empty_query_finds_nothing(run: Run, sample: Path) -> None:
    result = run("search", "")
    assert result.code == 1
    assert result.err.startswith("note: ")


def test_an_empty_index_says_how_to_fill_it(run: Run, fill: Fill) -> None:
    fill()
    assert run("search", "neurons").err.endswith("add articles with 'qsearch index PATH'\n")


def test_a_title_is_missing_a_question_stands_in(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/q", question="alpha?"), qsearch.Article(url="/u", answer="alpha"))
    lines = run("search", "alpha").out.splitlines()
    assert "1. alpha?" in lines
    assert "2. /u" in lines


def test_the_index_comes_from_the_option_the_environment_or_the_folder(
    run: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    sample.rename(elsewhere)
    assert "no index at" in run("search", "neurons").complaint
    assert run("search", "neurons", "--index", "elsewhere").code == 0
    monkeypatch.setenv("QSEARCH_INDEX", str(elsewhere))
    assert run("search", "neurons").code == 0
    assert "nowhere" in run("search", "neurons", "--index", "nowhere").complaint


def test_an_article_of_several_subjects_is_found_in_each(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="/a", title="sound", subject=["Music", "Physics"]),
        qsearch.Article(url="/b", title="sound", subject="Music"),
    )
    for subject, total in (("music", 2), ("physics", 1)):
        document = run("search", "sound", "-s", subject, "--json").document
        assert document["total"] == total
    assert run("search", "sound", "--json").document["facets"] == {
        "subject": {"Music": 2, "Physics": 1}
    }
    assert run("subjects").out == "2\tMusic\n1\tPhysics\n"
