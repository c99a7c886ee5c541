// A project of its own, to copy: a service and its client from Thrift IDL. What stands here is Kotlin and Groovy alike.
import java.util.Arrays // here, since further down "java" is the block of that name in Kotlin

plugins {
    id("application")
    id("io.streamx") version "0.1.0-SNAPSHOT"
}

repositories {
    mavenLocal()
    mavenCentral()
}

dependencies {
    implementation("io.streamx:streamx:0.1.0-SNAPSHOT")
    runtimeOnly("org.slf4j:slf4j-simple:2.0.20")
}

java {
    toolchain {
        // An installed JDK 21, or another with -Pjdk=25.
        languageVersion.set(JavaLanguageVersion.of((findProperty("jdk") ?: "21").toString()))
    }
}

application {
    mainClass.set("com.example.gradle.Main")
    // Netty uses native code; without this newer JDKs warn of it.
    applicationDefaultJvmArgs = Arrays.asList("--enable-native-access=ALL-UNNAMED")
}
