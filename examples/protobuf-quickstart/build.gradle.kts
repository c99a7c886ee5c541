// The same project for Gradle 8.9 or later, beside pom.xml. What stands here is Kotlin and Groovy alike.
import java.util.Arrays // here, since further down "java" is the block of that name in Kotlin

plugins {
    id("application")
    id("com.google.protobuf") version "0.9.5"
}

repositories {
    mavenLocal()
    mavenCentral()
}

dependencies {
    implementation("io.streamx:streamx-grpc:0.1.0-SNAPSHOT")
    implementation("io.streamx:streamx-protobuf:0.1.0-SNAPSHOT")
    runtimeOnly("org.slf4j:slf4j-simple:2.0.20")
}

java {
    toolchain {
        // An installed JDK 21, or another with -Pjdk=25.
        languageVersion.set(JavaLanguageVersion.of((findProperty("jdk") ?: "21").toString()))
    }
}

protobuf {
    protoc { artifact = "com.google.protobuf:protoc:4.36.2" }
    plugins {
        create("streamx") { artifact = "io.streamx:streamx-protoc-plugin:0.1.0-SNAPSHOT:all@jar" }
    }
    generateProtoTasks {
        all().configureEach {
            plugins { create("streamx") }
        }
    }
}

application {
    mainClass.set((findProperty("main") ?: "com.example.quickstart.ServerMain").toString())
    // Netty uses native code; without this newer JDKs warn of it.
    applicationDefaultJvmArgs = Arrays.asList("--enable-native-access=ALL-UNNAMED")
}
