"""What many would write in an afternoon: FastAPI, SQLAlchemy's ORM, one commit a request.

    python bench/naive.py PORT DATABASE_URL

It validates the card, looks for the person by a hash, seals the name and number with one Fernet
key, stores person and check, and answers. No rules of law, no choice, no ledger, no key a person,
no evidence: less than a check here does, so the comparison is in its favour.
"""

from __future__ import annotations

import hashlib
import sys
import uuid
from datetime import UTC, datetime

import uvicorn
from cryptography.fernet import Fernet
from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field
from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "naive_persons"
    id: Mapped[int] = mapped_column(primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Check(Base):
    __tablename__ = "naive_checks"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("naive_persons.id"))
    scene: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Evidence(BaseModel):
    kind: str
    document: str
    number: str = Field(pattern=r"^\d{17}[\dX]$")
    name: str
    waybill_name: str
    expires: str


class Body(BaseModel):
    scene: str
    notice: str
    method: str
    evidence: Evidence


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def build(url: str) -> FastAPI:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    fernet = Fernet(Fernet.generate_key())
    app = FastAPI()

    def session():
        with sessions() as opened:
            yield opened

    @app.post("/v1/checks:whole", status_code=201)
    def check(body: Body, db: Session = Depends(session)) -> dict[str, object]:  # noqa: B008
        number = body.evidence.number
        total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False))
        valid = "10X98765432"[total % 11] == number[17]
        agrees = body.evidence.name == body.evidence.waybill_name
        digest = hashlib.sha256(number.encode()).hexdigest()
        person = db.scalar(select(Person).where(Person.number_hash == digest))
        if person is None:
            sealed = fernet.encrypt(f"{number}|{body.evidence.name}".encode())
            person = Person(number_hash=digest, sealed=sealed, registered_at=datetime.now(UTC))  # noqa: TID251
            db.add(person)
            db.flush()
        outcome = "passed" if valid and agrees else "refused"
        made = Check(
            id=str(uuid.uuid4()), person_id=person.id, scene=body.scene, method=body.method,
            outcome=outcome, at=datetime.now(UTC),  # noqa: TID251
        )  # fmt: skip
        db.add(made)
        db.commit()
        return {"id": made.id, "outcome": outcome}

    return app


if __name__ == "__main__":
    uvicorn.run(build(sys.argv[2]), port=int(sys.argv[1]), access_log=False, log_level="warning")
