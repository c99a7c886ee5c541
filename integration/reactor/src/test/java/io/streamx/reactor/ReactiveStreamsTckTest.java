package io.streamx.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** Runs the kit of Reactive Streams, which is written for TestNG, within the tests of JUnit. */
class ReactiveStreamsTckTest {
    @Test
    void thePublisherKeepsEveryRule() {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG kit = new TestNG(false);
        kit.setTestClasses(new Class<?>[] {FlowPublisherTck.class});
        kit.addListener(results);
        kit.setVerbose(0);
        kit.run();

        List<String> failed = new ArrayList<>();
        for (ITestResult result : results.getFailedTests()) {
            failed.add(result.getName() + ": " + result.getThrowable());
        }
        assertThat(failed).isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThan(25);
    }
}
