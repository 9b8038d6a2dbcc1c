"""Which files of a folder or zip are an archive of X."""

from __future__ import annotations

from sentinel_collectors.x_account_archive import XAccountArchive


def test_an_archive_without_a_folder_of_data_leaves_its_other_parts_alone() -> None:
    parts = ["account.js", "tweet.js"]
    others = ["direct-message.js", "like.js", "tweet_media/1-a.jpg"]
    names = [f"twitter-2019/{name}" for name in parts + others] + ["twitter-2019/notes.csv", "other/a.js"]
    unit = XAccountArchive.unit(names)
    assert unit is not None
    assert unit.members == {f"twitter-2019/{name}" for name in parts}
    assert unit.companions == {f"twitter-2019/{name}" for name in others}
