#!/usr/bin/env bash
# JDK 25.0.3, Flight Recorder: events of a platform thread that carries virtual threads.
#
# Guess: every event is recorded, whoever writes it. Seen: while the code is interpreted, the first event that the platform thread
# writes after a virtual thread that it carried has written one is lost (JVM.getEventWriter; its intrinsic in C2 does not lose it).
# Events of virtual threads, and the second event of the platform thread, are recorded. An application sees this only where its
# own threads carry virtual ones, as the event loops of Netty may; no public method of the JDK sets that up, so this opens
# java.lang for it. Prints what of 1,000 rounds was recorded. Needs a JDK 21 to 25.
set -euo pipefail
JAVA=${JAVA:-java}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Carrier.java" <<'JAVA_SOURCE'
import java.lang.reflect.Constructor;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import jdk.jfr.*;
import jdk.jfr.consumer.*;

public class Carrier {
    @Name("finding.Tick")
    @StackTrace(false)
    static class Tick extends Event {
        String by;
    }

    static void tick(String by) {
        Tick tick = new Tick();
        tick.by = by;
        tick.commit();
    }

    public static void main(String[] args) throws Exception {
        ExecutorService carrier = Executors.newSingleThreadExecutor();
        Constructor<?> builder =
                Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder").getDeclaredConstructor(Executor.class);
        builder.setAccessible(true);
        Thread.Builder.OfVirtual carried = (Thread.Builder.OfVirtual) builder.newInstance(carrier);
        Recording recording = new Recording();
        recording.enable("finding.Tick").withThreshold(Duration.ZERO);
        recording.start();
        for (int i = 0; i < 1000; i++) {
            carried.start(() -> tick("virtual thread")).join();
            carrier.submit(() -> {
                tick("its carrier, first");
                tick("its carrier, second");
            }).get();
        }
        Path file = Path.of(args[0]);
        recording.dump(file);
        Map<String, Integer> recorded = new TreeMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals("finding.Tick")) {
                recorded.merge(event.getString("by"), 1, Integer::sum);
            }
        }
        System.out.println(Runtime.version() + ", 1000 events of each were written, recorded: " + recorded);
        boolean lost = recorded.getOrDefault("its carrier, first", 0) == 0
                && recorded.getOrDefault("its carrier, second", 0) == 1000
                && recorded.getOrDefault("virtual thread", 0) == 1000;
        System.exit(lost ? 0 : 1);
    }
}
JAVA_SOURCE
"$JAVA" -Xint --add-opens java.base/java.lang=ALL-UNNAMED "$folder/Carrier.java" "$folder/recording.jfr"
