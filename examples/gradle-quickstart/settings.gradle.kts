// Until there is a release, the plugin comes from the local Maven repository.
pluginManagement {
    repositories {
        mavenLocal()
        mavenCentral()
        gradlePluginPortal()
    }
}

rootProject.name = "gradle-quickstart"
