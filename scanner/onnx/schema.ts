import { defineSchema } from '../protobuf/schema.ts'

/** The messages of an ONNX file. Source: onnx.proto3, IR version 13. */
export const onnxSchema = defineSchema({
  Model:
    '1 irVersion int, 2 producerName text, 3 producerVersion text, 4 domain text, 5 modelVersion int, 6 doc text, 7 graph Graph*, ' +
    '8 opset OpsetId, 14 metadata Entry, 20 training Training*, 25 function Function*, 26 configuration DeviceConfiguration',
  OpsetId: '1 domain text, 2 version int',
  Entry: '1 key text, 2 value text',
  Training: '1 initialization Graph*, 2 algorithm Graph*, 3 initializationBinding Entry*, 4 updateBinding Entry*',
  Function:
    '1 name text, 4 input text, 5 output text, 6 attribute text, 7 node Node*, 8 doc text, 9 opset OpsetId, 10 domain text, ' +
    '11 attributeProto Attribute*, 12 valueInfo ValueInfo*, 13 overload text, 14 metadata Entry*',
  Graph:
    '1 node Node*, 2 name text, 5 initializer Tensor*, 10 doc text, 11 input ValueInfo*, 12 output ValueInfo*, ' +
    '13 valueInfo ValueInfo*, 14 quantization Annotation*, 15 sparseInitializer SparseTensor*, 16 metadata Entry*',
  Node:
    '1 input text, 2 output text, 3 name text, 4 opType text, 5 attribute Attribute*, 6 doc text, 7 domain text, 8 overload text, ' +
    '9 metadata Entry*, 10 device NodeDevice*',
  Attribute:
    '1 name text, 2 float fixed32, 3 int int, 4 bytes text, 5 tensor Tensor*, 6 graph Graph*, 7 floats fixed32, 8 ints int, ' +
    '9 strings text, 10 tensors Tensor*, 11 graphs Graph*, 13 doc text, 14 typeProto Type*, 15 typeProtos Type*, 20 type int, ' +
    '21 reference text, 22 sparseTensor SparseTensor*, 23 sparseTensors SparseTensor*',
  Tensor:
    '1 dims int, 2 dataType int, 3 segment Segment, 4 floatData fixed32, 5 int32Data int, 6 stringData text, 7 int64Data int, ' +
    '8 name text, 9 rawData data, 10 doubleData fixed64, 11 uint64Data int, 12 doc text, 13 external Entry, 14 location int, ' +
    '16 metadata Entry*',
  Segment: '1 begin int, 2 end int',
  SparseTensor: '1 values Tensor*, 2 indices Tensor*, 3 dims int',
  ValueInfo: '1 name text, 2 type Type*, 3 doc text, 4 metadata Entry*',
  Type:
    '1 tensor TensorType*, 4 sequence Container*, 5 map MapType*, 6 denotation text, 7 opaque Opaque*, 8 sparse TensorType*, ' +
    '9 optional Container*',
  TensorType: '1 elemType int, 2 shape Shape*',
  Container: '1 elemType Type*',
  MapType: '1 keyType int, 2 valueType Type*',
  Opaque: '1 domain text, 2 name text',
  Shape: '1 dim Dimension*',
  Dimension: '1 value int, 2 param text, 3 denotation text',
  Annotation: '1 tensor text, 2 parameter Entry*',
  DeviceConfiguration: '1 name text, 2 numDevices int, 3 device text',
  NodeDevice: '1 configuration text, 2 sharding Sharding*, 3 pipelineStage int',
  Sharding: '1 tensor text, 2 device int, 3 group IntIntList*, 4 dim ShardedDim*',
  IntIntList: '1 key int, 2 value int',
  ShardedDim: '1 axis int, 2 simple SimpleSharding*',
  SimpleSharding: '1 value int, 2 param text, 3 numShards int',
})
