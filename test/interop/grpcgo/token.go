package main

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// bearer is a token as grpc-go's clients give it to each call.
type bearer string

var _ credentials.PerRPCCredentials = bearer("")

func (token bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(token)}, nil
}

// RequireTransportSecurity says no, since both ends are on one machine.
func (bearer) RequireTransportSecurity() bool {
	return false
}

// onlyWith makes a server refuse calls that come without the token, or with anything beside it; an empty token is none.
func onlyWith(token string) []grpc.ServerOption {
	if token == "" {
		return nil
	}
	check := func(ctx context.Context) error {
		entries, _ := metadata.FromIncomingContext(ctx)
		given := entries.Get("authorization")
		if len(given) != 1 || given[0] != "Bearer "+token {
			return status.Errorf(codes.Unauthenticated, "%d values of authorization, or not the token", len(given))
		}
		return nil
	}
	return []grpc.ServerOption{
		grpc.UnaryInterceptor(
			func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
				if err := check(ctx); err != nil {
					return nil, err
				}
				return handle(ctx, request)
			}),
		grpc.StreamInterceptor(
			func(service any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
				if err := check(stream.Context()); err != nil {
					return err
				}
				return handle(service, stream)
			}),
	}
}
