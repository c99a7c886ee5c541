package io.streamx.idl;

/** A definition that can be used as a type. */
public sealed interface TypeDefinition extends Definition permits StructType, EnumType, Typedef {}
