package io.streamx.maven;

import io.streamx.codegen.build.BuildLog;
import org.apache.maven.plugin.logging.Log;

/** The log of a goal. */
record MavenLog(Log log) implements BuildLog {
    @Override
    public void error(String message) {
        log.error(message);
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    @Override
    public void info(String message) {
        log.info(message);
    }
}
