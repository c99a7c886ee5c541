package io.streamx.grpc.protocol;

import io.streamx.service.PayloadFormat;

/**
 * How large a header list with trailers may be so that its receiver takes it, for each reason that makes it large.
 * Receivers do not take all that they announce with SETTINGS_MAX_HEADER_LIST_SIZE: C-core (Python, C++, Ruby and PHP)
 * announces 16 KiB, refuses lists above 8 KiB at random, and lists of the announced size always; h2 of Rust refuses
 * lists of the announced size; Node announces nothing and comes to a stop above 64 KiB. So the texts of failures, which
 * have no bound of their own, stay below what every receiver takes.
 *
 * @param texts the limit for a list that would exceed it because of the text of its status
 * @param details the limit for a list that would exceed it because of the details of its status
 * @param entries the limit for a list that would exceed it because of entries that a user has set
 */
public record HeaderListLimits(long texts, long details, long entries) {
    /** No limits. */
    public static final HeaderListLimits NONE = new HeaderListLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    private static final long TAKEN_BY_ALL = 8 * 1024 - 1;
    private static final long TAKEN_BY_NODE = 60 * 1024;
    /**
     * What C-core announces by default. A receiver that announces more has been set up for more, of which C-core takes
     * four fifths.
     */
    private static final long ANNOUNCED_BY_C_CORE = 16 * 1024;

    /**
     * The limits of one receiver.
     *
     * @param announced the SETTINGS_MAX_HEADER_LIST_SIZE of the receiver; {@link Long#MAX_VALUE} when it announced
     *     nothing
     * @param format the format of the receiver's messages: a receiver that speaks Thrift is Kitex or its kin, which
     *     takes megabytes
     */
    public static HeaderListLimits of(long announced, PayloadFormat format) {
        if (announced == Long.MAX_VALUE) {
            return format == PayloadFormat.THRIFT
                    ? NONE
                    : new HeaderListLimits(TAKEN_BY_ALL, TAKEN_BY_NODE, Long.MAX_VALUE);
        }
        long entries = Math.max(0, announced - 1);
        long safe = announced > ANNOUNCED_BY_C_CORE ? announced / 5 * 4 : Math.min(TAKEN_BY_ALL, entries);
        return new HeaderListLimits(safe, safe, entries);
    }
}
