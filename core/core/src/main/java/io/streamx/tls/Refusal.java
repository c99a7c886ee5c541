package io.streamx.tls;

/**
 * Why a connection did not come to be.
 *
 * @param what what is wrong, with the value
 * @param expected what would have been right
 */
public record Refusal(String what, String expected) {
    @Override
    public String toString() {
        return what + " (expected: " + expected + ")";
    }
}
