package io.streamx.idl;

/** Whether a field must be there. */
public enum Requiredness {
    /** Always written; reading without it fails. */
    REQUIRED,
    /** Written if set. */
    OPTIONAL,
    /** No word in the IDL: always written, may be missing when read. */
    DEFAULT
}
