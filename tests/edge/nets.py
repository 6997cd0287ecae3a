"""Small nets made here: the same forms as the real ones, none of their weights."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ANCHORS = 896


def _model(nodes: list, shape: list, outputs: list, weights: dict[str, np.ndarray]) -> bytes:
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())


def _answering(shape: list, answers: dict[str, np.ndarray]) -> bytes:
    """A net that answers the same to everything, through a product with the input's mean."""
    nodes, weights, outputs = [], {}, []
    nodes.append(helper.make_node("ReduceMean", ["input"], ["mean"], keepdims=0))
    nodes.append(helper.make_node("Mul", ["mean", "zero"], ["none"]))
    weights["zero"] = np.zeros((), np.float32)
    for name, value in answers.items():
        weights[f"{name}_fixed"] = value.astype(np.float32)
        nodes.append(helper.make_node("Add", [f"{name}_fixed", "none"], [name]))
        outputs.append((name, list(value.shape)))
    return _model(nodes, shape, outputs, weights)


def detector(faces: list[tuple[float, float, float]]) -> bytes:
    """Finds faces at these places: middle and width as shares of the square."""
    regressors = np.zeros((1, ANCHORS, 16), np.float32)
    scores = np.full((1, ANCHORS, 1), -20.0, np.float32)
    for number, (x, y, width) in enumerate(faces):
        cell = (int(y * 16) * 16 + int(x * 16)) * 2
        anchor = np.array([(int(x * 16) + 0.5) / 16, (int(y * 16) + 0.5) / 16])
        regressors[0, cell, :2] = (np.array([x, y]) - anchor) * 128
        regressors[0, cell, 2:4] = width * 128
        for place, side in ((4, -1), (6, 1)):
            regressors[0, cell, place : place + 2] = (
                np.array([x + side * width / 4, y]) - anchor
            ) * 128
        scores[0, cell, 0] = 8.0 - number
    return _answering([1, 128, 128, 3], {"regressors": regressors, "scores": scores})


def mesher(points: np.ndarray, score: float = 9.0) -> bytes:
    """Answers with these 468 points in the 192-pixel cut."""
    flat = np.concatenate([points, np.zeros((len(points), 1))], axis=1).reshape(1, 1, 1, -1)
    return _answering([1, 192, 192, 3], {"points": flat, "score": np.full((1, 1), score)})


def embedder(side: int = 32, size: int = 16) -> bytes:
    """Eight by eight grey cells, mixed by a fixed matrix: another picture, another vector."""
    rng = np.random.default_rng(11)
    step = side // 8
    nodes = [
        helper.make_node(
            "AveragePool", ["input"], ["cells"], kernel_shape=[step, step], strides=[step, step]
        ),
        helper.make_node("Flatten", ["cells"], ["flat"]),
        helper.make_node("MatMul", ["flat", "mix"], ["vector"]),
    ]
    mix = rng.normal(size=(3 * 64, size)).astype(np.float32)
    return _model(nodes, [1, 3, side, side], [("vector", [1, size])], {"mix": mix})


def grain(side: int = 80) -> bytes:
    """Three classes; the middle one where the picture has no regular pixel grain."""
    kernel = np.zeros((1, 3, 2, 2), np.float32)
    kernel[0, :, 0, 0] = kernel[0, :, 1, 1] = 1 / 3
    kernel[0, :, 0, 1] = kernel[0, :, 1, 0] = -1 / 3
    nodes = [
        helper.make_node("Conv", ["input", "kernel"], ["edges"]),
        helper.make_node("Abs", ["edges"], ["sizes"]),
        helper.make_node("ReduceMean", ["sizes"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["mean", "axis"], ["column"]),
        helper.make_node("Mul", ["column", "slope"], ["sloped"]),
        helper.make_node("Add", ["sloped", "start"], ["logits"]),
    ]
    weights = {
        "kernel": kernel,
        "axis": np.array([1], np.int64),
        "slope": np.array([[1.0, 0.0, 0.0]], np.float32),
        "start": np.array([[0.0, 9.0, -9.0]], np.float32),
    }
    return _model(nodes, [1, 3, side, side], [("logits", [1, 3])], weights)


def lite(side: int = 4) -> bytes:
    """A tflite model of one operation: what is below zero becomes zero."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    def tensor(name: str, buffer: int) -> object:
        made = schema.TensorT()
        made.name, made.buffer, made.shape = name, buffer, [1, side]
        made.type = schema.TensorType.FLOAT32
        return made

    relu = schema.OperatorT()
    relu.opcodeIndex, relu.inputs, relu.outputs = 0, [0], [1]
    graph = schema.SubGraphT()
    graph.tensors = [tensor("input", 1), tensor("output", 2)]
    graph.inputs, graph.outputs, graph.operators = [0], [1], [relu]
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.RELU
    code.version = 1
    model = schema.ModelT()
    model.version, model.subgraphs, model.operatorCodes = 3, [graph], [code]
    model.buffers = [schema.BufferT() for _ in range(3)]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
