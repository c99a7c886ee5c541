package io.streamx.service;

import io.streamx.AttributeKey;
import io.streamx.CallInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the attributes of a call. For runtimes, whose calls extend this class. Nothing is allocated until an attribute
 * is set. Any thread may set and read; a copy of a call begins with what the call has and goes its own way from there.
 */
public abstract class CallAttributes implements CallInfo {
    private static final VarHandle ATTRIBUTES;

    static {
        try {
            ATTRIBUTES = MethodHandles.lookup().findVarHandle(CallAttributes.class, "attributes", Attribute.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A list that begins with the newest attribute. A value that was replaced stays in the list, hidden behind the new
     * one, because few are ever replaced.
     */
    @SuppressWarnings("UnusedVariable") // read and written by the handle
    private volatile @Nullable Attribute attributes;

    private record Attribute(
            AttributeKey<?> key,
            @Nullable Object value,
            @Nullable Attribute next) {}

    /** A call without attributes. */
    protected CallAttributes() {}

    /** A call that begins with the attributes that {@code other} has now. */
    protected CallAttributes(CallAttributes other) {
        attributes = other.attributes;
    }

    @Override
    @SuppressWarnings({"unchecked", "ReferenceEquality"}) // keys are equal when they are the same
    public final <T> @Nullable T attribute(AttributeKey<T> key) {
        for (Attribute one = attributes; one != null; one = one.next) {
            if (one.key == key) {
                return (T) one.value;
            }
        }
        return null;
    }

    @Override
    public final <T> void setAttribute(AttributeKey<T> key, @Nullable T value) {
        Attribute before;
        do {
            before = attributes;
        } while (!ATTRIBUTES.compareAndSet(this, before, new Attribute(key, value, before)));
    }
}
