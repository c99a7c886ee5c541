package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueOrderTest {
    @TempDir
    Path dir;

    @Test
    void constantsStandBehindThoseTheyAreMadeOf() {
        Document document = IdlFolder.load(dir, """
                        const S VALUE = {"burst": 3}
                        const list<i32> RETRIES = [SECOND, 2]
                        const i32 SECOND = 1000
                        const list<string> ZONES = [NORTH]
                        const string NORTH = "north"
                        struct S { 1: i32 burst, 2: required Inner inner }
                        struct Inner { 1: list<string> zones = ZONES }
                        """).document();

        assertThat(document.constantsInOrder())
                .extracting(Constant::name)
                .containsExactly("NORTH", "ZONES", "VALUE", "SECOND", "RETRIES");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "struct N { 1: optional N next = {} } | 1:26: value of N.next contains itself: N.next -> N.next",
                "struct N { 1: list<N> all = [{}] } | 1:23: value of N.all contains itself: N.all -> N.all",
                "struct N { 1: map<string, N> m = {\"a\": {}} } | 1:30: value of N.m contains itself: N.m -> N.m",
                "struct A { 1: B b = {} } struct B { 1: A a = {} } | 1:17: value of A.b contains itself: A.b -> B.a -> A.b",
                "struct A { 1: U u = {\"a\": {}} } union U { 1: A a } | 1:17: value of A.u contains itself: A.u -> A.u",
                "struct A { 1: required B b } struct B { 1: required A a } const A X = {} | 1:37: value of an empty B"
                        + " contains itself: an empty B -> an empty A -> an empty B",
                "struct A { 1: required B b } struct B { 1: required A a } service S { void f(1: A a = {}) } | 1:37: value of"
                        + " an empty B contains itself: an empty B -> an empty A -> an empty B",
                "struct A { 1: list<A> a = X } const list<A> X = [{}] | 1:45: value of const X contains itself: const X ->"
                        + " A.a -> const X",
            })
    void aValueThatContainsItselfIsAnErrorWithItsPlace(String idl, String error) {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, idl);

        assertThat(loaded.errors()).containsExactly("a.thrift:" + error + " (expected: a value that ends)");
    }

    @Test
    void structsThatContainThemselvesWithoutAValueThatDoesAreFine() {
        assertThat(IdlFolder.load(dir, """
                        struct N { 1: optional N next, 2: N other, 3: list<N> all = [], 4: optional list<N> none = {} }
                        struct A { 1: required B b }
                        struct B { 1: required A a }
                        union U { 1: U u, 2: i32 n }
                        const U OUTER = {"u": {"u": INNER}}
                        const U INNER = {"n": 1}
                        const N ONE = {"next": {"next": {}}}
                        """).errors()).isEmpty();
    }
}
