"""What goes wrong in a convolution layer, and what is right too."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from solution import Cache, conv_backward, conv_forward, padded

from grader.reference import convention, mistake, right

Array = npt.NDArray[np.float64]
Gradients = tuple[Array, Array, Array]


def _turned(w: Array) -> Array:
    """Filters turned by half a turn: correlation with these is convolution as mathematics has it."""
    return np.asarray(w[:, :, ::-1, ::-1])


@convention("conv_forward", name="filters turned by half a turn")
def conv_forward_turned(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    return conv_forward(x, _turned(w), b, stride, pad)[0], (x, w, b, stride, pad)


@convention("conv_backward", name="filters turned by half a turn")
def conv_backward_turned(dout: Array, cache: Cache) -> Gradients:
    x, w, b, stride, pad = cache
    dx, dw, db = conv_backward(dout, (x, _turned(w), b, stride, pad))
    return dx, _turned(dw), db


@right("conv_forward", name="loops over everything")
def conv_forward_by_loops(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    images, size = padded(x, pad), w.shape[2]
    rows, columns = (1 + (images.shape[axis] - size) // stride for axis in (2, 3))
    out = np.zeros((len(x), len(w), rows, columns))
    for n, f, i, j in np.ndindex(out.shape):
        window = images[n, :, i * stride : i * stride + size, j * stride : j * stride + size]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, stride, pad)


@mistake("conv_forward", name="no bias", hint="Each filter adds its own b[f] to all of its outputs.", credit="1/2")
def conv_forward_without_bias(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    return conv_forward(x, w, 0 * b, stride, pad)[0], (x, w, b, stride, pad)


@mistake(
    "conv_forward",
    name="the first channel only",
    hint="A filter has a layer for each channel, and adds up what all of them give.",
    credit="1/4",
)
def conv_forward_of_one_channel(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    return conv_forward(x[:, :1], w[:, :1], b, stride, pad)[0], (x, w, b, stride, pad)


@mistake(
    "conv_forward",
    name="padding with the border's pixels",
    hint="Around the images there are zeros.",
    credit="1/2",
)
def conv_forward_with_edges(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    images = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    return conv_forward(images, w, b, stride, 0)[0], (x, w, b, stride, pad)


@mistake(
    "conv_forward",
    name="padding on the left and the top only",
    hint="All four sides get their zeros.",
    credit="1/4",
)
def conv_forward_padded_on_one_side(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    images = np.pad(x, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))
    return conv_forward(images, w, b, stride, 0)[0], (x, w, b, stride, pad)


@mistake(
    "conv_forward",
    name="a stride of one, whatever is asked for",
    hint="Neighbours in the output lie `stride` pixels apart in the image.",
    credit="2/3",
)
def conv_forward_without_stride(x: Array, w: Array, b: Array, stride: int, pad: int) -> tuple[Array, Cache]:
    out, _ = conv_forward(x, w, b, 1, pad)
    rows, columns = (1 + (x.shape[axis] + 2 * pad - w.shape[2]) // stride for axis in (2, 3))
    return out[:, :, :rows, :columns], (x, w, b, stride, pad)


@mistake(
    "conv_backward",
    name="the mean of dout for the bias",
    hint="b[f] is added to every output of filter f: what is the derivative of a sum?",
    credit="3/4",
)
def conv_backward_with_mean(dout: Array, cache: Cache) -> Gradients:
    dx, dw, _ = conv_backward(dout, cache)
    return dx, dw, np.asarray(dout.mean(axis=(0, 2, 3)))


@mistake(
    "conv_backward",
    name="gradients divided by the number of images",
    hint="The loss is a sum over the images.",
    credit="1/2",
)
def conv_backward_over_images(dout: Array, cache: Cache) -> Gradients:
    dx, dw, db = conv_backward(dout, cache)
    return dx / len(dout), dw / len(dout), db / len(dout)


@mistake(
    "conv_backward",
    name="only the last output that saw a pixel counts",
    hint="A pixel is seen by several outputs, and each adds its share: = forgets those before it.",
    credit="1/2",
)
def conv_backward_overwriting(dout: Array, cache: Cache) -> Gradients:
    x, w, _, stride, pad = cache
    _, dw, db = conv_backward(dout, cache)
    dx, size = np.zeros_like(padded(x, pad)), w.shape[2]
    for i, j in np.ndindex(dout.shape[2:]):
        seen = np.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
        dx[:, :, i * stride : i * stride + size, j * stride : j * stride + size] = seen
    return dx[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db


@mistake(
    "conv_backward",
    name="the padding left on the gradient of the images",
    hint="dx has the shape of x: cut the frame off that the padding added.",
    credit="3/4",
)
def conv_backward_with_frame(dout: Array, cache: Cache) -> Gradients:
    x, w, b, stride, pad = cache
    images = padded(x, pad)
    return conv_backward(dout, (images, w, b, stride, 0))


@mistake(
    "conv_backward",
    name="the filters turned twice",
    hint="Follow one pixel through the forward pass: which weight meets it at which output?",
    credit="1/2",
)
def conv_backward_with_turned_filters(dout: Array, cache: Cache) -> Gradients:
    x, w, b, stride, pad = cache
    return conv_backward(dout, (x, _turned(w), b, stride, pad))


@mistake(
    "conv_backward",
    name="only the last filter and output that saw a pixel count",
    hint="A pixel is seen by several outputs of every filter, and each adds its share: = forgets those before it.",
    credit="1/2",
)
def conv_backward_overwriting_filters(dout: Array, cache: Cache) -> Gradients:
    x, w, b, stride, pad = cache
    _, dw, db = conv_backward(dout, cache)
    dx, _, _ = conv_backward_overwriting(dout[:, -1:], (x, w[-1:], b[-1:], stride, pad))
    return dx, dw, db
