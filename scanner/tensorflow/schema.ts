import { defineSchema } from '../protobuf/schema.ts'

/**
 * The messages of TensorFlow graphs. Source: saved_model.proto, meta_graph.proto, graph.proto, function.proto, attr_value.proto,
 * tensor.proto, op_def.proto, saved_object_graph.proto, full_type.proto (TensorFlow 2.16).
 */
export const tensorflowSchema = defineSchema({
  SavedModel: '1 schemaVersion int, 2 metaGraph MetaGraph*',
  MetaGraph:
    '1 info MetaInfo*, 2 graph Graph*, 3 saver Saver, 4 collection CollectionEntry*, 5 signature SignatureEntry*, 6 asset AssetFile*, ' +
    '7 objects ObjectGraph*',
  MetaInfo:
    '1 version text, 2 strippedOps OpList*, 3 any Any, 4 tags text, 5 tensorflowVersion text, 6 tensorflowGit text, ' +
    '7 strippedDefaults int, 8 functionAlias TextEntry*',
  OpList: '1 op OpDef*',
  Any: '1 typeUrl text, 2 value text',
  TextEntry: '1 key text, 2 value text',
  Saver:
    '1 filenameTensor text, 2 saveTensor text, 3 restoreOp text, 4 maxToKeep int, 5 sharded int, 6 keepHours fixed32, 7 version int',
  CollectionEntry: '1 key text, 2 value Collection*',
  Collection: '1 nodes TextList*, 2 bytes TextList*, 3 ints IntList*, 4 floats FloatList*, 5 any AnyList*',
  TextList: '1 value text',
  IntList: '1 value int',
  FloatList: '1 value fixed32',
  AnyList: '1 value Any*',
  SignatureEntry: '1 key text, 2 value Signature*',
  Signature: '1 input InfoEntry*, 2 output InfoEntry*, 3 method text, 4 default TensorEntry*',
  InfoEntry: '1 key text, 2 value TensorInfo*',
  TensorEntry: '1 key text, 2 value Tensor*',
  TensorInfo: '1 name text, 2 dtype int, 3 shape Shape*, 4 sparse CooSparse*, 5 composite Composite*',
  CooSparse: '1 values text, 2 indices text, 3 shape text',
  Composite: '1 spec TypeSpec*, 2 component TensorInfo*',
  AssetFile: '1 tensor TensorInfo*, 2 filename text',
  Graph: '1 node Node*, 2 library Library*, 3 version int, 4 versions Versions*, 5 debug DebugInfo*',
  Versions: '1 producer int, 2 minConsumer int, 3 bad int',
  DebugInfo: '1 files text, 2 traces TraceEntry*, 4 frames FrameEntry*, 5 names TraceIdEntry*, 6 tracesById TraceOfId*',
  TraceEntry: '1 key text, 2 value StackTrace*',
  StackTrace: '1 frame FileLine*, 2 frameId fixed64',
  FileLine: '1 file int, 2 line int, 3 col int, 4 func text, 5 code text',
  FrameEntry: '1 key fixed64, 2 value FileLine*',
  TraceOfId: '1 key fixed64, 2 value StackTrace*',
  TraceIdEntry: '1 key text, 2 value fixed64',
  Library: '1 function Function*, 2 gradient Gradient*, 3 registeredGradient RegisteredGradient*',
  Gradient: '1 function text, 2 gradient text',
  RegisteredGradient: '1 gradient text, 2 op text',
  Function:
    '1 signature OpDef, 3 node Node*, 4 ret TextEntry*, 5 attr AttrEntry*, 6 controlRet TextEntry*, 7 argAttr ArgAttrEntry*, ' +
    '8 resourceArg ResourceArgEntry*',
  ArgAttrEntry: '1 key int, 2 value ArgAttrs*',
  ArgAttrs: '1 attr AttrEntry*',
  ResourceArgEntry: '1 key int, 2 value int',
  Node: '1 name text, 2 op text, 3 input text, 4 device text, 5 attr AttrEntry, 6 debug NodeDebug*, 7 type FullType*',
  NodeDebug: '1 nodes text, 2 funcs text',
  AttrEntry: '1 key text, 2 value Attr',
  Attr:
    '1 list AttrList, 2 s text, 3 i int, 4 f fixed32, 5 b int, 6 type int, 7 shape Shape*, 8 tensor Tensor, 9 placeholder text, ' +
    '10 func NamedFunction*',
  AttrList:
    '2 s text, 3 i int, 4 f fixed32, 5 b int, 6 type int, 7 shape Shape*, 8 tensor Tensor*, 9 func NamedFunction*',
  NamedFunction: '1 name text, 2 attr AttrEntry*',
  Tensor:
    '1 dtype int, 2 shape Shape, 3 version int, 4 content data, 5 floatVal fixed32, 6 doubleVal fixed64, 7 intVal int, 8 stringVal text, ' +
    '9 scomplexVal fixed32, 10 int64Val int, 11 boolVal int, 12 dcomplexVal fixed64, 13 halfVal int, 14 resourceVal ResourceHandle*, ' +
    '15 variantVal Variant*, 16 uint32Val int, 17 uint64Val int, 18 float8Val data',
  ResourceHandle:
    '1 device text, 2 container text, 3 name text, 4 hash int, 5 maybeType text, 6 dtypeShape DtypeShape*',
  DtypeShape: '1 dtype int, 2 shape Shape*',
  Variant: '1 typeName text, 2 metadata text, 3 tensor Tensor*',
  Shape: '2 dim Dim, 3 unknownRank int',
  Dim: '1 size int, 2 name text',
  FullType: '1 typeId int, 2 args FullType*, 3 attrString text, 4 attrInt int',
  OpDef:
    '1 name text, 2 inputArg ArgDef*, 3 outputArg ArgDef*, 4 attr AttrDef*, 5 summary text, 6 description text, 8 deprecation Deprecation*, ' +
    '16 aggregate int, 17 stateful int, 18 commutative int, 19 uninitialized int, 20 controlOutput text, 21 distributed int',
  ArgDef:
    '1 name text, 2 description text, 3 type int, 4 typeAttr text, 5 numberAttr text, 6 typeListAttr text, 7 handleData DtypeShape*, ' +
    '16 isRef int, 17 fullType FullType*',
  AttrDef:
    '1 name text, 2 type text, 3 default Attr*, 4 description text, 5 hasMinimum int, 6 minimum int, 7 allowed Attr*',
  Deprecation: '1 version int, 2 explanation text',
  ObjectGraph: '1 node SavedObject*, 2 concrete ConcreteEntry*',
  SavedObject:
    '1 children Reference*, 3 slots SlotVariable*, 4 userObject UserObject*, 5 asset SavedAsset*, 6 function SavedFunction*, ' +
    '7 variable Variable*, 8 bareFunction BareFunction*, 9 constant SavedConstant*, 10 resource SavedResource*, ' +
    '11 saveable SaveableEntry*, 12 captured Captured*, 13 registeredName text, 14 userProto Any, 15 dependencies Reference*, 16 saver text',
  Reference: '1 id int, 2 name text',
  SlotVariable: '1 original int, 2 slotName text, 3 slotId int',
  UserObject: '1 identifier text, 2 versions Versions*, 3 metadata data',
  SavedAsset: '1 index int',
  SavedFunction: '1 concrete text, 2 spec FunctionSpec*',
  FunctionSpec: '1 fullArgs Structured*, 2 isMethod int, 5 inputSignature Structured*, 6 jit int',
  BareFunction: '1 concrete text, 2 keywords text, 3 positional int, 4 spec FunctionSpec*',
  SavedConstant: '1 operation text',
  Variable:
    '1 dtype int, 2 shape Shape*, 3 trainable int, 4 synchronization int, 5 aggregation int, 6 name text, 7 device text, 8 component Variable*',
  SavedResource: '1 device text',
  SaveableEntry: '1 key text, 2 value Saveable*',
  Saveable: '2 save int, 3 restore int',
  Captured: '1 name text, 2 concrete text',
  ConcreteEntry: '1 key text, 2 value ConcreteFunction*',
  ConcreteFunction: '2 bound int, 3 canonical Structured*, 4 output Structured*',
  Structured:
    '1 none NoneValue*, 11 float fixed64, 12 int int, 13 string text, 14 bool int, 31 shape Shape*, 32 dtype int, 33 tensorSpec TensorSpec*, ' +
    '34 typeSpec TypeSpec*, 35 boundedSpec BoundedSpec*, 51 list StructuredList*, 52 tuple StructuredList*, 53 dict StructuredDict*, ' +
    '54 namedTuple NamedTuple*, 55 tensor Tensor*, 56 array Tensor*',
  NoneValue: '',
  TensorSpec: '1 name text, 2 shape Shape*, 3 dtype int',
  BoundedSpec: '1 name text, 2 shape Shape*, 3 dtype int, 4 minimum Tensor*, 5 maximum Tensor*',
  TypeSpec: '1 class int, 2 state Structured*, 3 className text, 4 flatComponents int',
  StructuredList: '1 value Structured*',
  StructuredDict: '1 field StructuredEntry*',
  StructuredEntry: '1 key text, 2 value Structured*',
  NamedTuple: '1 name text, 2 value StructuredEntry*',
  SavedMetadata: '1 node KerasNode*',
  KerasNode: '2 id int, 3 path text, 4 identifier text, 5 metadata data, 6 version Versions*',
})
