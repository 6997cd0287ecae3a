"""One small port for two runtimes: arrays in, arrays out. Foreign errors are wrapped here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from liangming.edge import codes
from liangming.errors import Misuse

Tensor = NDArray[np.float32]


class Net(Protocol):
    """A loaded model."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of its input; 1 where any size will do."""
        ...

    @property
    def said(self) -> dict[str, str]:
        """What its file says about itself."""
        ...

    def run(self, tensor: Tensor) -> list[Tensor]:
        """Its outputs, in the order of the file. The input is overwritten: it may be a face."""
        ...


class OnnxNet:
    """ONNX Runtime on the CPU, one thread: a locker has other things to do."""

    def __init__(self, data: bytes) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False
        try:
            self._session: Any = onnxruntime.InferenceSession(
                data, options, providers=["CPUExecutionProvider"]
            )
            given = self._session.get_inputs()[0]
            self.said: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
            self._name: str = given.name
            self.shape = tuple(side if isinstance(side, int) else 1 for side in given.shape)
        except Exception:  # noqa: BLE001  (the runtime raises many kinds; none may leave)
            raise Misuse(codes.MODEL_WRONG) from None

    def run(self, tensor: Tensor) -> list[Tensor]:
        """Run once."""
        try:
            return list(self._session.run(None, {self._name: tensor}))
        except Exception:  # noqa: BLE001
            raise Misuse(codes.MODEL_WRONG) from None
        finally:
            tensor.fill(0)


class OneAtATime:
    """Implements Net: loaded when it is run, and let go when another of the same seat is.

    Args:
        load: makes it; not called before it is run, or asked about itself.
        seat: shared by those of which one is held.
    """

    def __init__(self, load: Callable[[], Net], seat: list[OneAtATime]) -> None:
        self._load, self._seat = load, seat
        self._net: Net | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Of its input."""
        return self._held().shape

    @property
    def said(self) -> dict[str, str]:
        """What its file says about itself."""
        return self._held().said

    def run(self, tensor: Tensor) -> list[Tensor]:
        """Run once."""
        return self._held().run(tensor)

    def _held(self) -> Net:
        if self._net is None:
            for other in self._seat:
                other._net = None  # noqa: SLF001  (of this class)
            self._net = self._load()
            self._seat[:] = [self]
        return self._net


class LiteNet:
    """LiteRT on the CPU, one thread."""

    def __init__(self, data: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter: Any = Interpreter(model_content=data, num_threads=1)
            self._interpreter.allocate_tensors()
            given = self._interpreter.get_input_details()[0]
            self._place: int = given["index"]
            self.shape = tuple(int(side) for side in given["shape"])
            self.said: dict[str, str] = {}
            outputs = self._interpreter.get_output_details()
            self._outputs: list[int] = [one["index"] for one in outputs]
        except Exception:  # noqa: BLE001
            raise Misuse(codes.MODEL_WRONG) from None

    def run(self, tensor: Tensor) -> list[Tensor]:
        """Run once."""
        try:
            self._interpreter.set_tensor(self._place, tensor)
            self._interpreter.invoke()
            told = [np.array(self._interpreter.get_tensor(place)) for place in self._outputs]
            tensor.fill(0)
            self._interpreter.set_tensor(self._place, tensor)  # the runtime's own copy
        except Exception:  # noqa: BLE001
            raise Misuse(codes.MODEL_WRONG) from None
        finally:
            tensor.fill(0)
        return told
