package com.example.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamx.testkit.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The page in a headless Chromium: tokens as they come, the stop button, a reload. */
class ChatPageTest {
    private static final Path IDL = Path.of("src/main/thrift/tokens.thrift");
    private static final String WORDS = "document.getElementById('answer').textContent.split(' ').length";
    private static final String STATE = "document.getElementById('state').textContent";

    private static Browser browser() throws Exception {
        assumeTrue(Browser.command().isPresent(), "no Chromium in /usr/bin, so no browser has shown the page");
        // The browser writes its profile for a moment longer than it runs, so nothing here deletes it.
        return new Browser(
                Browser.command().get(),
                Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium"));
    }

    private static void awaitModel(ChatDemo demo, int running) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (demo.modelHandler.running() != running && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(demo.modelHandler.running()).isEqualTo(running);
    }

    @Test
    void stoppingInThePageStopsTheModelTwoHopsBehind() throws Exception {
        try (Browser browser = browser();
                ChatDemo demo = new ChatDemo(0, 0, Duration.ofMillis(50), IDL)) {
            browser.open(demo.url());
            browser.await("document.readyState == 'complete' && document.getElementById('ask')");
            browser.run("document.getElementById('ask').click(), 'clicked'");
            browser.await(WORDS + " > 3");
            awaitModel(demo, 1);

            browser.run("document.getElementById('stop').click(), 'clicked'");

            awaitModel(demo, 0);
            browser.await(STATE + " == 'stopped'");
        }
    }

    @Test
    void aReloadGoesOnAtTheLastToken() throws Exception {
        try (Browser browser = browser();
                ChatDemo demo = new ChatDemo(0, 0, Duration.ofMillis(60), IDL)) {
            browser.open(demo.url());
            browser.await("document.readyState == 'complete' && document.getElementById('ask')");
            browser.run("document.getElementById('ask').click(), 'clicked'");
            browser.await(WORDS + " > 20");

            browser.reload();

            browser.await(STATE + " == 'done'");
            String answer = browser.run("document.getElementById('answer').textContent");
            assertThat(answer.split(" ")).hasSizeGreaterThan(200);
            // The very answer that comes without a reload in between.
            browser.run("document.getElementById('ask').click(), 'clicked'");
            browser.await(STATE + " == 'answering'");
            browser.await(STATE + " == 'done'");
            assertThat(browser.run("document.getElementById('answer').textContent"))
                    .isEqualTo(answer);
            awaitModel(demo, 0);
        }
    }
}
