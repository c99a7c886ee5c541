package io.streamx.protoc.tests;

import io.streamx.service.ServiceDescriptor;

/** A program that does nothing but look at a generated class, for processes of their own. */
final class FirstTouch {
    private FirstTouch() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        ServiceDescriptor descriptor = (ServiceDescriptor)
                Class.forName(args[0]).getField("DESCRIPTOR").get(null);
        System.out.println(descriptor.methods());
    }
}
