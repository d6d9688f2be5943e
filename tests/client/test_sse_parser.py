from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shortsd.client.sse import Message, Parser

STREAM = (
    b"\xef\xbb\xbf: alive\r\n\r\nevent: snapshot\r\ndata: {\r\ndata: }\r\n\r\n"
    b"id: 7\rdata:one\r\rid\ndata:  two \xe2\x80\xa6\n\nid: 8\nevent: nothing\n\ndata\n\n"
    b"retry: 5\nunknown: x\ndata: 3\n\n"
    b"data: cut off"
)
MESSAGES = [
    Message("snapshot", "{\n}", ""),
    Message("message", "one", "7"),
    Message("message", " two …", ""),
    Message("message", "", "8"),
    Message("message", "3", "8"),
]


def read(chunks: list[bytes]) -> list[Message]:
    parser = Parser()
    return [message for chunk in chunks for message in parser.feed(chunk)]


def test_stream() -> None:
    """Line ends of all kinds, comments, a mark at the start, several data lines and ids that stay are understood."""
    assert read([STREAM]) == MESSAGES


@given(st.lists(st.integers(0, len(STREAM))))
def test_chunks(cuts: list[int]) -> None:
    """However a stream is cut into pieces, the messages are the same."""
    edges = [0, *sorted(cuts), len(STREAM)]
    assert read([STREAM[a:b] for a, b in pairwise(edges)]) == MESSAGES


def test_at_once() -> None:
    """A message is there with the line end that completes it, before the next byte has come."""
    assert read([b"data: 1\r", b"\r"]) == [Message("message", "1", "")]


def test_id_with_nul() -> None:
    """An id with a NUL in it is not taken, as the standard says."""
    assert read([b"id: 1\n\nid: 2\0\ndata: x\n\n"]) == [Message("message", "x", "1")]
