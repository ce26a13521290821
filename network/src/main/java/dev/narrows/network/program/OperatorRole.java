package dev.narrows.network.program;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who computes an operator of a program; each operator is on one list at most. */
enum OperatorRole {
  /** Sums products: its sums are made in a register that a run chooses. */
  OWN,
  /** A recurrent cell: its products are sums of ours, step by step. */
  RECURRENT,
  /** Has graphs inside; they decide. */
  CONTROL,
  /** Sums no products: computed by the runtime of others. */
  HOSTED;

  private static final Pattern SPACE = Pattern.compile("\\s+");

  private static final Set<String> SUMMING =
      words(
          """
          Attention Conv ConvInteger ConvTranspose Einsum Gemm MatMul MatMulInteger QLinearConv
          QLinearMatMul
          com.microsoft.FusedConv com.microsoft.FusedGemm com.microsoft.FusedMatMul
          com.microsoft.MatMulNBits com.microsoft.QGemm com.microsoft.TransposeMatMul
          com.microsoft.MatMulIntegerToFloat com.microsoft.DynamicQuantizeMatMul
          com.microsoft.Attention com.microsoft.MultiHeadAttention com.microsoft.QAttention
          com.microsoft.GroupQueryAttention com.microsoft.NhwcFusedConv
          com.microsoft.QLinearConv
          com.microsoft.ConvTransposeWithDynamicPads
          """);

  /**
   * Elementwise arithmetic, shapes, comparisons, moves, sorting, pooling, reductions,
   * normalisations, activations, interpolation, detection heads, random numbers, strings, trees.
   * Norms and losses square or weigh what they add up, but are no dot products of two operands;
   * interpolation weighs at most a few neighbours by their place.
   */
  private static final Set<String> PLAIN =
      words(
          """
          Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool
          BatchNormalization Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor
          BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat
          ConcatFromSequence Constant ConstantOfShape Cos Cosh CumProd CumSum DepthToSpace
          DequantizeLinear Div Dropout DynamicQuantizeLinear Elu Equal Erf Exp Expand EyeLike
          Flatten Floor Gather GatherElements GatherND Gelu GlobalAveragePool GlobalLpPool
          GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow
          HannWindow HardSigmoid HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN LRN
          LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization LpPool Max
          MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod
          Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot
          Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QuantizeLinear
          RMSNormalization RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range
          Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin
          ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence
          RoiAlign RotaryEmbedding Round Scatter ScatterElements ScatterND Selu SequenceAt
          SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength Shape Shrink
          Sigmoid Sign SimplifiedLayerNormalization Sin Sinh Size Slice Softmax
          SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze
          StringConcat StringNormalizer StringSplit Sub Sum Swish Tan Tanh TensorScatter
          TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where
          Xor
          ai.onnx.ml.ArrayFeatureExtractor ai.onnx.ml.Binarizer ai.onnx.ml.CategoryMapper
          ai.onnx.ml.FeatureVectorizer ai.onnx.ml.Imputer ai.onnx.ml.LabelEncoder
          ai.onnx.ml.Normalizer ai.onnx.ml.OneHotEncoder ai.onnx.ml.Scaler ai.onnx.ml.TreeEnsemble
          ai.onnx.ml.TreeEnsembleClassifier ai.onnx.ml.TreeEnsembleRegressor
          com.microsoft.BiasAdd com.microsoft.BiasDropout com.microsoft.BiasGelu
          com.microsoft.BiasSoftmax com.microsoft.BiasSplitGelu com.microsoft.BifurcationDetector
          com.microsoft.CropAndResize com.microsoft.DequantizeLinear
          com.microsoft.DynamicQuantizeLinear com.microsoft.EmbedLayerNormalization
          com.microsoft.ExpandDims com.microsoft.FastGelu com.microsoft.GatherND
          com.microsoft.Gelu com.microsoft.GridSample com.microsoft.GroupNorm
          com.microsoft.IsAllFinite com.microsoft.NGramRepeatBlock com.microsoft.NhwcMaxPool
          com.microsoft.Pad com.microsoft.QEmbedLayerNormalization com.microsoft.QLinearAdd com.microsoft.QLinearAveragePool
          com.microsoft.QLinearConcat com.microsoft.QLinearGlobalAveragePool
          com.microsoft.QLinearLeakyRelu com.microsoft.QLinearMul com.microsoft.QLinearReduceMean
          com.microsoft.QLinearSigmoid com.microsoft.QLinearSoftmax com.microsoft.QLinearWhere
          com.microsoft.QuantizeLinear com.microsoft.QuickGelu com.microsoft.Range
          com.microsoft.RelativePositionBias com.microsoft.RotaryEmbedding
          com.microsoft.SimplifiedLayerNormalization com.microsoft.SkipGroupNorm
          com.microsoft.SkipLayerNormalization com.microsoft.SkipSimplifiedLayerNormalization
          com.microsoft.Tokenizer com.microsoft.Trilu com.microsoft.Unique
          """);

  private static final Set<String> RECURRING =
      words("LSTM GRU RNN com.microsoft.DynamicQuantizeLSTM");

  private static final Set<String> WITH_GRAPHS = words("If Loop Scan SequenceMap");

  private static final Set<String> RANDOM =
      words(
          """
          Bernoulli Dropout Multinomial RandomNormal RandomNormalLike RandomUniform
          RandomUniformLike com.microsoft.BiasDropout
          """);

  private static final String BLOCKED = "com.microsoft.nchwc.";

  /** Why operators that are on no list are not. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("AffineGrid", "a product of matrices inside the operator, no layer yet"),
          Map.entry("CausalConvWithState", "sums of products that are no layer yet"),
          Map.entry("DFT", "sums of products with roots of unity, no layer yet"),
          Map.entry("DeformConv", "sums of products at places that data choose, no layer yet"),
          Map.entry("Det", "sums of products of a determinant, no layer yet"),
          Map.entry("ImageDecoder", "decodes image files"),
          Map.entry("LinearAttention", "sums of products that are no layer yet"),
          Map.entry("STFT", "sums of products with roots of unity, no layer yet"),
          Map.entry("ai.onnx.ml.LinearClassifier", "sums of products that are no layer yet"),
          Map.entry("ai.onnx.ml.LinearRegressor", "sums of products that are no layer yet"),
          Map.entry("ai.onnx.ml.SVMClassifier", "sums of products that are no layer yet"),
          Map.entry("ai.onnx.ml.SVMRegressor", "sums of products that are no layer yet"),
          Map.entry("ai.onnx.ml.ZipMap", "makes maps, which the door to the runtime lacks"),
          Map.entry("ai.onnx.preview.FlexAttention", "sums of products that are no layer yet"),
          Map.entry("ai.onnx.preview.training.Adagrad", "a step of training"),
          Map.entry("ai.onnx.preview.training.Adam", "a step of training"),
          Map.entry("ai.onnx.preview.training.Gradient", "a step of training"),
          Map.entry("ai.onnx.preview.training.Momentum", "a step of training"),
          Map.entry("com.microsoft.CDist", "sums of products that are no layer yet"),
          Map.entry("com.microsoft.Inverse", "sums of products that are no layer yet"),
          Map.entry("com.microsoft.Irfft", "sums of products that are no layer yet"),
          Map.entry("com.microsoft.Rfft", "sums of products that are no layer yet"));

  /** What an operator is, if it is on a list. */
  static Optional<OperatorRole> of(String key) {
    if (SUMMING.contains(key)) {
      return Optional.of(OWN);
    }
    if (RECURRING.contains(key)) {
      return Optional.of(RECURRENT);
    }
    if (WITH_GRAPHS.contains(key)) {
      return Optional.of(CONTROL);
    }
    return PLAIN.contains(key) ? Optional.of(HOSTED) : Optional.empty();
  }

  /** Why an operator that is on no list is not. */
  static String refusal(String key) {
    return key.startsWith(BLOCKED)
        ? "channels in blocks, as ONNX Runtime's last level of optimisation lays them out for one"
            + " machine; save the file at its level \"extended\""
        : REFUSED.getOrDefault(key, "neither Narrows nor its list of hosted operators has it");
  }

  /** Whether an operator may give something else every time. */
  static boolean random(String key) {
    return RANDOM.contains(key);
  }

  private static Set<String> words(String text) {
    return Stream.of(SPACE.split(text.strip())).collect(Collectors.toUnmodifiableSet());
  }
}
