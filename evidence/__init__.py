"""What is signed, chained and provable: keys, envelopes, reports, enrolments.

Laws:
- Pure: bytes in, objects out. No I/O, no clock; randomness only where a key or a stream is made.
- What is signed are bytes, never meaning: verify first, then parse exactly the bytes that were verified.
- `docs/wire.md` describes this package for authors of other agents; its vectors are the test data.
"""
