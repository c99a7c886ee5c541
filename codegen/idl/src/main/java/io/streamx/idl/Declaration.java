package io.streamx.idl;

/** What is known of a definition before it is linked: where it stands, and its name with all that is attached to it. */
record Declaration(Document document, Syntax.Label label) {}
