namespace go echo

struct Text {
    1: string text
}

service EchoService {
    Text Say(1: string text)
}
