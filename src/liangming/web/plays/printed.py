"""N5: lockers that opened to a printed photo. The centre's half; the machine's half is its own process.

A device is made up for the play, with a real key: it signs what a device would sign. What a camera
sees is not played here: these pages hold no face, and may not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming.check import Device, KnownDevices, Premises, present
from liangming.check.codes import issue_pickup_code
from liangming.check.confirmed import face_message
from liangming.check.journey import choose, consent, show_face_notice
from liangming.check.states import Consented, Passed, Undetermined
from liangming.clock import micros
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.method import FaceReport, FaceShown, PickupCodeShown
from liangming.scene.model import Text
from liangming.web.plays.play import Count, Play, Story, chosen

LOCKER: Final = "yangli-locker-collect"
DEVICE: Final = "play-n5"
LAYERS: Final = (
    "binding",
    "challenge",
    "continuity",
    "flash",
    "gates",
    "rectangle",
    "relief",
    "sequence",
    "solid",
)

STORY: Final = Story(
    "N5",
    Text("打印的照片打开了快递柜", "A printed photo opened parcel lockers"),
    Text(
        "小学生用打印的照片打开了刷脸取件的快递柜；刷脸是默认的取件方式。",
        "Pupils opened parcel lockers with a printed photo; the face was the preset way to collect.",
    ),
    scene=LOCKER,
)


@dataclass(frozen=True, slots=True)
class _Locker:
    """A device at the locker's scene, and the house that enrolled it."""

    key: Ed25519PrivateKey
    premises: Premises

    def signed(self, state: Consented, outcome: str, level: int) -> FaceShown:
        """What the device says of one look: yes, no or abstain, and which layers stood."""
        report = FaceReport(
            purpose="face-match",
            pad_level=level,
            layers=LAYERS,
            models=(),
            backend="play",
            agent="play",
            key_kept_in="software",
            at=micros(self.premises.clock.now()),
            tries=1,
            frames_taken=0,
            frames_kept=0,
        )
        message = face_message(state.about.id, state.nonce, DEVICE, outcome, report)
        return FaceShown(
            device=DEVICE,
            outcome=outcome,  # type: ignore[arg-type]
            nonce=state.nonce,
            signature=self.key.sign(message).hex(),
            report=report,
        )


async def printed(premises: Premises) -> Play:
    """No outcome but a signed match of a sufficient level opens; the code opens in any case."""
    count, key = Count(), Ed25519PrivateKey.generate()
    device = Device(DEVICE, LOCKER, key.public_key())
    house = replace(premises, devices=KnownDevices({DEVICE: device}, premises.devices))
    locker = _Locker(key, house)
    state = await chosen(house, LOCKER, Method.PICKUP_CODE)
    offered = [offer.method for offer in state.about.offers]
    count.step(
        "取件码排第一，刷脸最后，同样大小；刷脸要先在柜机上单独同意，摄像头才会打开。",
        "The code stands first, the face last and the same size; the camera opens only after a "
        "consent of its own on the locker.",
        as_it_must=offered[0] is Method.PICKUP_CODE and offered[-1] is Method.FACE,
    )
    count.cite("face.10", "pipl.29")
    await _photo(locker, count)
    await _forged(locker, count)
    await _collected(house, count)
    return count.told(
        STORY,
        Text(
            "照片打不开柜门；凭码照常取件。", "The photo opens nothing; the code opens as always."
        ),
        Text("仅凭一张照片取走别人的快件。", "Taking somebody's parcel with a mere photo."),
    )


async def _consented(house: Premises) -> Consented:
    state = await chosen(house, LOCKER, Method.FACE)
    await show_face_notice(house, state.about.id, device=DEVICE)
    agreed = await consent(house, state.about.id, device=DEVICE, age=30)
    if not isinstance(agreed, Consented):
        raise TypeError("a consent gives a consented check")
    return agreed


async def _photo(locker: _Locker, count: Count) -> None:
    state = await _consented(locker.premises)
    seen = await present(locker.premises, state.about.id, locker.signed(state, "abstain", 3))
    count.step(
        "举起打印的照片：柜机签名“无法判断”，查验没有通过，柜门不开，其他方式都还在。",
        "The photo is held up: the locker signs “abstain”; the check has not passed, the door stays "
        "shut, every other way is still open.",
        as_it_must=isinstance(seen, Undetermined),
    )
    low = await _consented(locker.premises)
    seen = await present(locker.premises, low.about.id, locker.signed(low, "match", 1))
    count.step(
        "防伪层不够的终端说“一致”：等于没说，柜门不开。",
        "A device with too few layers says “match”: no answer at all; the door stays shut.",
        as_it_must=isinstance(seen, Undetermined),
    )


async def _forged(locker: _Locker, count: Count) -> None:
    state = await _consented(locker.premises)
    thief = _Locker(Ed25519PrivateKey.generate(), locker.premises)
    count.step(
        "别的密钥冒充柜机签“一致”：拒收。",
        "Another key signs “match” in the locker's name: refused.",
        as_it_must=await _refused(locker.premises, state, thief.signed(state, "match", 3)),
    )
    other = await _consented(locker.premises)
    count.step(
        "把另一次查验的“一致”重放到这一次：拒收。",
        "The “match” of another check is played again for this one: refused.",
        as_it_must=await _refused(locker.premises, other, locker.signed(state, "match", 3)),
    )


async def _refused(house: Premises, state: Consented, shown: FaceShown) -> bool:
    try:
        await present(house, state.about.id, shown)
    except LiangmingError:
        return True
    return False


async def _collected(house: Premises, count: Count) -> None:
    code = await issue_pickup_code(house, LOCKER, "play-parcel", 10)
    state = await chosen(house, LOCKER, Method.PICKUP_CODE)
    passed = await present(house, state.about.id, PickupCodeShown(code=code))
    count.step(
        "本人输入取件码：柜门打开，不登记身份。",
        "The code is entered: the door opens, no identity is registered.",
        as_it_must=isinstance(passed, Passed) and passed.register == "nothing",
    )
    again = await chosen(house, LOCKER, Method.FACE)
    back = await choose(house, again.about.id, Method.PICKUP_CODE)
    count.step(
        "选了刷脸又改主意：换回取件码，一步就到。",
        "Chose the face and thought better of it: back to the code in one step.",
        as_it_must=back.about.id == again.about.id,
    )
