"""Networks as users bring them, exported by PyTorch's two exporters:

    python stranger_networks.py FOLDER [NAME...]

FOLDER gets <name>.script.onnx (the older exporter) and <name>.dynamo.onnx, and three inputs in an .npz
beside each; what an exporter itself refuses is printed. Weights are random (seed 0). Needs torch,
torchvision and onnxscript. stranger.py goes on from there.
"""

import logging
import pathlib
import sys
import warnings

import numpy as np
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

CALLS = 3
OPSETS = (11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23)
NETWORKS = {}


def network(*shapes, opset=18, dynamic=None, **options):
    """Registers a function that makes a network; a shape is of float inputs, or an (int64 limit, shape)."""

    def register(make):
        NETWORKS[make.__name__.rstrip("_")] = (make, shapes, opset, dynamic, options)
        return make

    return register


class Lambda(nn.Module):
    """A network of modules and of a function over them and the inputs."""

    def __init__(self, function, **modules):
        super().__init__()
        self.function = function
        for name, module in modules.items():
            if isinstance(module, nn.Parameter):
                self.register_parameter(name, module)
            else:
                self.add_module(name, module)

    def forward(self, *x):
        return self.function(self, *x)


def vision(name, size, **options):
    def make():
        return getattr(torchvision.models, name)(weights=None, num_classes=10, **options)

    make.__name__ = name
    network((1, 3, size, size))(make)


vision("resnet18", 64)
vision("resnet50", 64)
vision("mobilenet_v2", 64)
vision("mobilenet_v3_small", 64)
vision("efficientnet_b0", 64)
vision("efficientnet_v2_s", 64)
vision("shufflenet_v2_x1_0", 64)
vision("densenet121", 64)
vision("squeezenet1_1", 64)
vision("convnext_tiny", 64)
vision("regnet_y_400mf", 64)
vision("googlenet", 64, aux_logits=False, init_weights=False)
vision("mnasnet0_5", 64)
vision("inception_v3", 96, aux_logits=False, init_weights=False)
vision("alexnet", 64)
vision("vgg11_bn", 32)


@network((1, 3, 32, 32))
def vit():
    return torchvision.models.VisionTransformer(32, 8, 2, 4, 32, 64, num_classes=10)


@network((1, 3, 64, 64))
def swin():
    return torchvision.models.SwinTransformer([4, 4], 24, [2, 2], [2, 4], [4, 4], num_classes=10)


@network((1, 3, 64, 64))
def swin_v2():
    from torchvision.models import swin_transformer as s

    return s.SwinTransformer(
        [4, 4],
        24,
        [2, 2],
        [2, 4],
        [4, 4],
        num_classes=10,
        block=s.SwinTransformerBlockV2,
        downsample_layer=s.PatchMergingV2,
    )


@network((1, 3, 64, 64))
def maxvit():
    return torchvision.models.MaxVit((64, 64), 16, 2, [16, 32], [1, 1], 8, 0.0, num_classes=10)


@network((1, 3, 64, 64))
def fcn_segmentation():
    net = torchvision.models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=5)
    return Lambda(lambda self, x: self.net(x)["out"], net=net)


@network((1, 3, 64, 64))
def deeplab():
    net = torchvision.models.segmentation.deeplabv3_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=5
    )
    return Lambda(lambda self, x: self.net(x)["out"], net=net)


@network((1, 3, 96, 96), opset=18)
def ssdlite():
    net = torchvision.models.detection.ssdlite320_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=5, score_thresh=0.15
    )

    def run(self, x):
        d = self.net([x[0]])[0]
        return d["boxes"], d["scores"], d["labels"]

    return Lambda(run, net=net)


class Block(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(
            nn.Conv2d(i, o, 3, padding=1),
            nn.BatchNorm2d(o),
            nn.ReLU(inplace=True),
            nn.Conv2d(o, o, 3, padding=1),
            nn.BatchNorm2d(o),
            nn.ReLU(inplace=True),
        )


class UNet(nn.Module):
    def __init__(self, up):
        super().__init__()
        self.a, self.b, self.c = Block(1, 8), Block(8, 16), Block(24, 8)
        self.up = (
            nn.ConvTranspose2d(16, 16, 2, stride=2)
            if up == "transposed"
            else nn.Upsample(scale_factor=2, mode=up, align_corners=None if up == "nearest" else True)
        )
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.up(self.b(F.max_pool2d(a, 2)))
        return torch.sigmoid(self.head(self.c(torch.cat([a, b], 1))))


@network((1, 1, 24, 24))
def unet():
    return UNet("transposed")


@network((1, 1, 24, 24))
def unet_bilinear():
    return UNet("bilinear")


@network((1, 1, 24, 24), dynamic={0: {0: "n", 2: "h", 3: "w"}})
def unet_dynamic():
    return UNet("nearest")


def sequence(kind, **options):
    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(50, 12)
            self.rnn = kind(12, 16, **options)
            self.head = nn.Linear(16 * (2 if options.get("bidirectional") else 1), 5)

        def forward(self, tokens):
            x = self.embedding(tokens)
            y, state = self.rnn(x if options.get("batch_first") else x.transpose(0, 1))
            last = y[:, -1] if options.get("batch_first") else y[-1]
            return self.head(last)

    return Classifier()


@network((50, (1, 9)))
def lstm():
    return sequence(nn.LSTM, num_layers=2, bidirectional=True, batch_first=True)


@network((50, (1, 9)), dynamic={0: {0: "n", 1: "t"}})
def lstm_dynamic():
    return sequence(nn.LSTM, num_layers=1, batch_first=True)


@network((50, (1, 9)))
def lstm_projected():
    return sequence(nn.LSTM, num_layers=2, batch_first=True, dropout=0.1)


@network((50, (1, 9)))
def gru():
    return sequence(nn.GRU, num_layers=2, bidirectional=True, batch_first=True)


@network((50, (1, 9)), dynamic={0: {0: "n", 1: "t"}})
def gru_dynamic():
    return sequence(nn.GRU, num_layers=2)


@network((50, (1, 9)))
def rnn_tanh():
    return sequence(nn.RNN, num_layers=2, bidirectional=True, batch_first=True)


@network((50, (1, 9)))
def rnn_relu():
    return sequence(nn.RNN, nonlinearity="relu")


@network((1, 7, 6), (1, 1, 8), (1, 1, 8))
def lstm_states():
    return Lambda(
        lambda self, x, h, c: (lambda y, s: (y, s[0], s[1]))(*self.rnn(x, (h, c))), rnn=nn.LSTM(6, 8, batch_first=True)
    )


@network((1, 6), (1, 8), (1, 8))
def lstm_cell():
    return Lambda(lambda self, x, h, c: self.cell(x, (h, c)), cell=nn.LSTMCell(6, 8))


@network((1, 9, 16))
def transformer_encoder():
    layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu", norm_first=True)
    return nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(16), enable_nested_tensor=False)


@network((1, 9, 16), dynamic={0: {0: "n", 1: "t"}})
def transformer_encoder_dynamic():
    return nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), 2, enable_nested_tensor=False)


@network((1, 9, 16), (1, 6, 16))
def transformer_decoder():
    return nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 2, 32, batch_first=True), 2)


@network((1, 9, 16))
def multihead_attention():
    return Lambda(lambda self, x: self.a(x, x, x), a=nn.MultiheadAttention(16, 4, batch_first=True))


@network((1, 9, 16), (1, 5, 12))
def cross_attention():
    return Lambda(
        lambda self, x, m: self.a(x, m, m, need_weights=False)[0],
        a=nn.MultiheadAttention(16, 2, kdim=12, vdim=12, batch_first=True),
    )


@network((1, 4, 9, 8), (1, 4, 9, 8), (1, 4, 9, 8))
def sdpa_causal():
    return Lambda(lambda self, q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True))


@network((1, 4, 9, 8), (1, 4, 9, 8), (1, 4, 9, 8), opset=23)
def sdpa_opset23():
    return Lambda(lambda self, q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True))


@network((1, 9, 16))
def gpt_block():
    class Causal(nn.Module):
        def __init__(self):
            super().__init__()
            self.n, self.qkv, self.o = nn.LayerNorm(16), nn.Linear(16, 48), nn.Linear(16, 16)
            self.register_buffer("mask", torch.tril(torch.ones(9, 9))[None, None])

        def forward(self, x):
            b, t, d = x.shape
            q, k, v = [s.view(b, t, 4, 4).transpose(1, 2) for s in self.qkv(self.n(x)).split(16, 2)]
            a = (q @ k.transpose(-2, -1) / 2.0).masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf")).softmax(-1)
            return x + self.o((a @ v).transpose(1, 2).contiguous().view(b, t, d))

    return Causal()


@network((30, (1, 8)))
def llama_block():
    class Llama(nn.Module):
        def __init__(self):
            super().__init__()
            self.e, self.n, self.n2 = nn.Embedding(30, 16), nn.RMSNorm(16), nn.RMSNorm(16)
            self.q, self.kv, self.o = nn.Linear(16, 16, False), nn.Linear(16, 16, False), nn.Linear(16, 16, False)
            self.g, self.u, self.d = nn.Linear(16, 40, False), nn.Linear(16, 40, False), nn.Linear(40, 16, False)
            angle = torch.outer(torch.arange(8.0), 10000 ** (-torch.arange(0, 4, 2) / 4.0))
            self.register_buffer("cos", torch.cat([angle, angle], 1).cos())
            self.register_buffer("sin", torch.cat([angle, angle], 1).sin())

        def turn(self, x):
            a, b = x.chunk(2, -1)
            return x * self.cos + torch.cat([-b, a], -1) * self.sin

        def forward(self, tokens):
            x = self.e(tokens)
            n, t, d = x.shape
            y = self.n(x)
            q = self.turn(self.q(y).view(n, t, 4, 4).transpose(1, 2))
            k, v = self.kv(y).view(n, t, 2, 2, 4).permute(2, 0, 3, 1, 4)
            k, v = self.turn(k).repeat_interleave(2, 1), v.repeat_interleave(2, 1)
            x = x + self.o(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(n, t, d))
            y = self.n2(x)
            return F.linear(x + self.d(F.silu(self.g(y)) * self.u(y)), self.e.weight)

    return Llama()


def convolutions(*between, channels=8):
    return nn.Sequential(nn.Conv2d(3, channels, 3, padding=1), *between, nn.Conv2d(channels, 4, 1))


@network((1, 3, 10, 10))
def group_norm():
    return convolutions(nn.GroupNorm(4, 8), nn.SiLU())


@network((1, 3, 10, 10))
def instance_norm():
    return convolutions(nn.InstanceNorm2d(8, affine=True), nn.LeakyReLU(0.1), nn.InstanceNorm2d(8))


@network((1, 3, 10, 10))
def layer_norm():
    return convolutions(nn.LayerNorm([8, 10, 10]), nn.ReLU(), nn.LocalResponseNorm(3))


@network((1, 7, 16), opset=23)
def rms_norm():
    return nn.Sequential(nn.Linear(16, 12), nn.RMSNorm(12), nn.Linear(12, 5))


@network((1, 1, 400))
def audio():
    return nn.Sequential(
        nn.Conv1d(1, 16, 80, stride=4),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.MaxPool1d(4),
        nn.Conv1d(16, 24, 3),
        nn.BatchNorm1d(24),
        nn.ReLU(),
        nn.AdaptiveAvgPool1d(1),
        nn.Flatten(),
        nn.Linear(24, 6),
        nn.LogSoftmax(-1),
    )


@network((1, 4, 64))
def wavenet():
    def run(self, x):
        for d, c in enumerate((self.a, self.b, self.c)):
            y = c(F.pad(x, (2**d, 0)))
            g, f = y.chunk(2, 1)
            x = x + torch.sigmoid(g) * torch.tanh(f)
        return x

    return Lambda(run, **{n: nn.Conv1d(4, 8, 2, dilation=2**d) for d, n in enumerate("abc")})


@network((1, 2, 6, 12, 12))
def video():
    return nn.Sequential(
        nn.Conv3d(2, 8, 3, padding=1),
        nn.BatchNorm3d(8),
        nn.ReLU(),
        nn.MaxPool3d(2),
        nn.Conv3d(8, 8, 3, groups=4),
        nn.ReLU(),
        nn.AdaptiveAvgPool3d(1),
        nn.Flatten(),
        nn.Linear(8, 4),
    )


@network((1, 2, 4, 6, 6))
def video_transposed():
    return nn.Sequential(
        nn.ConvTranspose3d(2, 4, 3, stride=2, padding=1, output_padding=1),
        nn.ELU(),
        nn.AvgPool3d(2),
        nn.Upsample(scale_factor=2, mode="trilinear"),
    )


@network((1, 3, 12, 12))
def depthwise():
    return nn.Sequential(
        nn.Conv2d(3, 12, 3, groups=3, padding=1),
        nn.Hardswish(),
        nn.Conv2d(12, 12, 3, groups=12, dilation=2, padding=2),
        nn.Hardsigmoid(),
        nn.Conv2d(12, 6, 1, groups=2),
        nn.PReLU(6),
    )


@network((1, 3, 8, 8))
def pixel_shuffle():
    return nn.Sequential(
        nn.PixelUnshuffle(2), nn.Conv2d(12, 16, 3, padding=1), nn.PReLU(), nn.PixelShuffle(4), nn.Identity()
    )


@network((40, (1, 12)))
def text_bag():
    return Lambda(
        lambda self, t: self.head(self.bag(t)), bag=nn.EmbeddingBag(40, 10, mode="mean"), head=nn.Linear(10, 3)
    )


@network((40, (1, 12)))
def text_mean():
    return Lambda(
        lambda self, t: self.head(self.e(t).mean(1)), e=nn.Embedding(40, 10, padding_idx=0), head=nn.Linear(10, 3)
    )


@network((1, 5, 6), (1, 7, 6))
def einsum():
    return Lambda(lambda self, a, b: torch.einsum("bid,de,bje->bij", a, self.w, b), w=nn.Parameter(torch.randn(6, 6)))


@network((1, 5, 6), (1, 6, 7))
def bmm():
    return Lambda(lambda self, a, b: (torch.bmm(a, b), torch.baddbmm(a @ b, a, b, beta=0.5, alpha=2), a.sum(2)))


@network((1, 5), (1, 6))
def bilinear():
    return nn.Bilinear(5, 6, 4)


@network((1, 3, 10, 10))
def padding_reflect():
    return nn.Sequential(nn.ReflectionPad2d((1, 2, 3, 0)), nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"))


@network((1, 3, 10, 10))
def padding_replicate():
    return nn.Sequential(nn.ReplicationPad2d(2), nn.Conv2d(3, 4, 3, padding=1, padding_mode="replicate"))


@network((1, 3, 10, 10))
def padding_circular():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular"), nn.ConstantPad2d(1, 0.5), nn.ZeroPad2d((-1, 0, 1, 2))
    )


@network((1, 3, 12, 18))
def adaptive_pools():
    return Lambda(
        lambda self, x: (
            F.adaptive_avg_pool2d(x, (3, 6)),
            F.adaptive_max_pool2d(x, (4, 9)),
            F.adaptive_avg_pool2d(x, 1),
            F.lp_pool2d(x, 2, 2),
            F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False),
            F.max_pool2d(x, 3, 2, 1, ceil_mode=True),
        )
    )


@network((1, 3, 13, 13))
def adaptive_uneven():
    return Lambda(lambda self, x: (F.adaptive_avg_pool2d(x, (3, 5)), F.adaptive_avg_pool1d(x[0], 4)))


@network((1, 3, 7, 9))
def resizes():
    return Lambda(
        lambda self, x: tuple(
            F.interpolate(x, scale_factor=2.0, mode=m, align_corners=a)
            for m in ("bilinear", "bicubic")
            for a in (False, True)
        )
        + (
            F.interpolate(x, size=(5, 4), mode="nearest"),
            F.interpolate(x, scale_factor=1.5, mode="bilinear"),
            F.interpolate(x, size=(4, 4), mode="bilinear", antialias=True),
            F.interpolate(x, scale_factor=2, mode="nearest-exact"),
        )
    )


@network((1, 3, 8, 8))
def activations():
    kinds = [
        nn.GELU(),
        nn.GELU("tanh"),
        nn.SiLU(),
        nn.Mish(),
        nn.Hardswish(),
        nn.PReLU(3),
        nn.ELU(),
        nn.SELU(),
        nn.CELU(2.0),
        nn.Softplus(2),
        nn.Softsign(),
        nn.Hardtanh(-2, 2),
        nn.ReLU6(),
        nn.LogSigmoid(),
        nn.Softshrink(),
        nn.Hardshrink(),
        nn.Tanhshrink(),
        nn.Threshold(0.1, 20),
        nn.GLU(2),
        nn.Softmin(1),
        nn.RReLU(),
        nn.Softmax2d(),
    ]
    net = nn.ModuleList(kinds)
    return Lambda(lambda self, x: tuple(k(x) for k in self.net), net=net)


@network((1, 3, 8, 8))
def functions():
    return Lambda(
        lambda self, x: (
            x.abs().sqrt(),
            x.exp().log1p(),
            torch.erf(x),
            x.sin() + x.cos(),
            torch.atan2(x, x + 3),
            x.clamp(min=-1),
            x.pow(3),
            x.std((2, 3)),
            x.var(1),
            x.norm(dim=1),
            F.normalize(x),
            x.cumsum(2),
            x.roll(1, 3),
            x.flip(2),
            torch.where(x > 0, x, -x),
            x.floor() + x.round(),
            torch.remainder(x, 0.7),
            torch.fmod(x, 0.7),
            torch.logsumexp(x, 1),
            F.cosine_similarity(x, x + 1),
            torch.tril(x),
            x.amax((1, 2)),
            x.prod(3),
            torch.stack([x, x], 1).unbind(1)[1],
            x.repeat(1, 2, 1, 1),
            x.expand(2, 3, 8, 8),
            x.unfold(2, 3, 2),
            F.unfold(x, 3, padding=1),
            x.diagonal(0, 2, 3),
        )
    )


@network((1, 3, 9, 9))
def topk_head():
    def run(self, x):
        y = self.c(x).flatten(1)
        v, i = y.topk(5)
        return v, i, y.argmax(1), y.argmin(1), y.sort(descending=True)[0], y.max(1)[0], (y > 0).any(1), y.argsort()

    return Lambda(run, c=nn.Conv2d(3, 2, 3))


@network((1, 3, 16, 16))
def detector():
    def run(self, x):
        y = self.c(x).flatten(2)[0].T
        boxes = torch.cat([y[:, :2].sigmoid() * 8, y[:, :2].sigmoid() * 8 + 3 + y[:, 2:4].exp().clamp(max=4)], 1)
        kept = torchvision.ops.nms(boxes, y[:, 4], 0.5)
        return boxes[kept], y[kept, 4]

    return Lambda(run, c=nn.Conv2d(3, 5, 4, stride=4))


@network((1, 4, 12, 12))
def roi_align():
    return Lambda(
        lambda self, x: torchvision.ops.roi_align(self.c(x), [self.b], (3, 3), sampling_ratio=2),
        c=nn.Conv2d(4, 4, 3, padding=1),
        b=nn.Parameter(torch.tensor([[1.0, 1, 8, 9], [0, 2, 5, 11]])),
    )


@network((1, 3, 9, 9), (1, 6, 6, 2))
def grid_sample():
    return Lambda(lambda self, x, g: F.grid_sample(self.c(x), g.tanh(), align_corners=False), c=nn.Conv2d(3, 4, 3))


@network((1, 3, 9, 9))
def deformable():
    return Lambda(
        lambda self, x: torchvision.ops.deform_conv2d(x, self.o(x), self.w, padding=1),
        o=nn.Conv2d(3, 18, 3, padding=1),
        w=nn.Parameter(torch.randn(4, 3, 3, 3)),
    )


@network((1, 3, 9, 9))
def spatial_transformer():
    return Lambda(
        lambda self, x: F.grid_sample(
            x, F.affine_grid(self.l(x.flatten(1)).view(-1, 2, 3), x.shape, align_corners=False), align_corners=False
        ),
        l=nn.Linear(243, 6),
    )


@network((1, 200))
def spectrogram():
    return Lambda(
        lambda self, x: self.l(
            torch.stft(x, 32, 16, window=self.w, return_complex=False).pow(2).sum(-1).log1p().mean(2)
        ),
        w=nn.Parameter(torch.hann_window(32), False),
        l=nn.Linear(17, 4),
    )


@network((1, 6))
def conditional():
    class Cond(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(6, 4), nn.Linear(6, 4)

        def forward(self, x):
            return torch.cond(x.sum() > 0, lambda x: self.a(x), lambda x: self.b(x).relu(), (x,))

    return Cond()


@network((1, 6))
def scripted():
    class Scripted(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(6, 6)

        def forward(self, x):
            for i in range(int(3)):
                if bool(x.mean() > 0):
                    x = self.a(x)
                else:
                    x = self.a(x).tanh() + i
            return x

    return torch.jit.script(Scripted())


@network((1, 5, 6))
def scripted_loop():
    class Loop(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = nn.Linear(14, 8)

        def forward(self, x):
            h = torch.zeros(x.size(0), 8)
            for t in range(x.size(1)):
                h = torch.tanh(self.cell(torch.cat([x[:, t], h], 1)))
            return h

    return torch.jit.script(Loop())


@network((1, 3, 16, 16), train=True)
def training_mode():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Dropout(0.0),
        nn.Identity(),
        nn.Flatten(),
        nn.Linear(8 * 196, 4),
    )


@network((1, 3, 16, 16), half=torch.float16)
def half():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(392, 4),
        nn.Softmax(1),
    )


@network((1, 9, 16), half=torch.float16)
def half_transformer():
    return transformer_encoder()


@network((1, 3, 16, 16), half=torch.bfloat16)
def bfloat16():
    return half()


@network((1, 12), half=torch.float64)
def double():
    return nn.Sequential(nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, 3))


@network((1, 64))
def autoencoder():
    return nn.Sequential(
        nn.Linear(64, 16),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.Linear(16, 4),
        nn.ReLU(),
        nn.Linear(4, 16),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.Linear(16, 64),
    )


@network((1, 3, 24, 24), dynamic={0: {0: "n"}})
def cnn_dynamic():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(1),
        nn.Linear(16, 10),
    )


for opset in OPSETS:

    def cnn():
        return cnn_dynamic()

    cnn.__name__ = f"cnn_opset{opset}"
    network((1, 3, 24, 24), opset=opset)(cnn)

    def transformer():
        return transformer_encoder()

    transformer.__name__ = f"transformer_opset{opset}"
    network((1, 9, 16), opset=opset)(transformer)


@network((1, 1, 16, 16))
def espcn():
    return nn.Sequential(nn.Conv2d(1, 16, 5, padding=2), nn.Tanh(), nn.Conv2d(16, 9, 3, padding=1), nn.PixelShuffle(3))


@network((1, 16), (1, 4, 8, 8))
def film():
    return Lambda(
        lambda self, z, x: self.c(x) * self.g(z)[:, :, None, None] + self.b(z)[:, :, None, None],
        c=nn.Conv2d(4, 6, 3),
        g=nn.Linear(16, 6),
        b=nn.Linear(16, 6),
    )


@network((1, 8))
def gan_generator():
    return nn.Sequential(
        nn.Linear(8, 32),
        nn.Unflatten(1, (8, 2, 2)),
        nn.ConvTranspose2d(8, 8, 4, 2, 1, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 3, 3, 3, groups=1, dilation=1, output_padding=1),
        nn.Tanh(),
    )


@network((1, 4), dynamic={0: {0: "n"}})
def policy():
    return Lambda(
        lambda self, x: (lambda h: (self.p(h).softmax(-1), self.v(h)))(self.b(x).tanh()),
        b=nn.Linear(4, 16),
        p=nn.Linear(16, 2),
        v=nn.Linear(16, 1),
    )


@network((1, 4, 16), (1, 4, 16))
def two_inputs():
    return Lambda(lambda self, a, b: torch.cdist(self.l(a), self.l(b)), l=nn.Linear(16, 8))


@network((1, 3, 32, 32))
def squeeze_excite():
    return nn.Sequential(
        torchvision.ops.Conv2dNormActivation(3, 16),
        torchvision.ops.SqueezeExcitation(16, 4),
        torchvision.ops.StochasticDepth(0.1, "row"),
        nn.Conv2d(16, 4, 1),
    )


def settled(net):
    """Batch norms that are not those of a new network."""
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.3, 0.3)
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.5, 1.5)
    return net


def tensors(shapes, generator, dtype):
    made = []
    for shape in shapes:
        if isinstance(shape[1], tuple):
            made.append(torch.randint(0, shape[0], shape[1], generator=generator))
        else:
            made.append(torch.randn(shape, generator=generator).to(dtype))
    return tuple(made)


def doubled(shape, axes):
    """A shape with other sizes along its free axes, so that an exporter keeps them free."""
    if isinstance(shape[1], tuple):
        return shape[0], doubled(shape[1], axes)
    return tuple(2 * size if axis in axes else size for axis, size in enumerate(shape))


def free_axes(shapes, dynamic, names, exporter, calls, generator, dtype):
    """What to export by, and the exporter's own words for free dimensions."""
    if not dynamic:
        return calls[0], {}
    if exporter == "script":
        return calls[0], {"dynamic_axes": {names[i]: axes for i, axes in dynamic.items()}}
    larger = [doubled(shape, dynamic.get(i, {})) for i, shape in enumerate(shapes)]
    auto = tuple({axis: torch.export.Dim.DYNAMIC for axis in dynamic.get(i, {})} for i in range(len(shapes)))
    return tensors(larger, generator, dtype), {"dynamic_shapes": auto}


def rows(calls):
    return np.concatenate([c.float().numpy() if c.dtype == torch.bfloat16 else c.numpy() for c in calls])


def export(folder, name, exporter):
    make, shapes, opset, dynamic, options = NETWORKS[name]
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    dtype = options.get("half", torch.float32)
    net = settled(make()).to(dtype).train(options.get("train", False))
    calls = [tensors(shapes, generator, dtype) for _ in range(CALLS)]
    names = ["x", "y", "z"][: len(shapes)]
    example, more = free_axes(shapes, dynamic, names, exporter, calls, generator, dtype)
    if exporter == "dynamo":
        more.update(external_data=False, verbose=False)
    elif options.get("train"):
        more.update(training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False)
    file = folder / f"{name}.{exporter}.onnx"
    torch.onnx.export(
        net, example, str(file), dynamo=exporter == "dynamo", opset_version=opset, input_names=names, **more
    )
    np.savez(file.with_suffix(".npz"), **{key: rows([c[i] for c in calls]) for i, key in enumerate(names)})


def main(folder, wanted):
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    logging.raiseExceptions = False
    folder.mkdir(parents=True, exist_ok=True)
    for name in wanted or NETWORKS:
        for exporter in ("script", "dynamo"):
            try:
                export(folder, name, exporter)
            except Exception as problem:  # an exporter's own
                first = (str(problem).strip().splitlines() or [""])[0][:120]
                print(f"{name} {exporter}: not exported: {type(problem).__name__} {first}", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
