"""The agent of one machine: its memory, its signed journal, its cells, its pages on loopback.

It works for days without the centre: codes, other people's codes and staff open cells here. A face
needs the centre, because only the centre's nonce opens a camera. Nothing here is reachable from
another machine.
"""
