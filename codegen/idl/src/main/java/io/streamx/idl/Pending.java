package io.streamx.idl;

import io.streamx.idl.Syntax.DefinitionNode;

/** A definition on its way from what the parser read to what is linked. */
record Pending<D extends Definition, N extends DefinitionNode>(D definition, N node, Scope scope) {
    /** The name as messages show it. */
    String name() {
        return Diagnostics.shown(definition.name());
    }
}
