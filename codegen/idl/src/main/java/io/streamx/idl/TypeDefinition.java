package io.streamx.idl;

/** A definition that can be used as a type. */
public abstract sealed class TypeDefinition extends Definition permits StructType, EnumType, Typedef {
    TypeDefinition(Declaration declaration) {
        super(declaration);
    }
}
