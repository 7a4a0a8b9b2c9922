package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

// inUseError says that a port that we want is taken.
type inUseError struct{ addr string }

// Error names the port.
func (e *inUseError) Error() string { return "address " + e.addr + " is in use" }

// listen opens a port for us alone.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &inUseError{addr}
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return ln, nil
}

// listener is one surface of the process: a port and what answers on it.
type listener struct {
	net.Listener
	server *http.Server
}

// newListener returns a surface that answers on ln. Bodies have no deadline here:
// each operation knows how long its own may take.
func newListener(ln net.Listener, h http.Handler, log *slog.Logger) *listener {
	return &listener{ln, &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    12 << 10, // net/http allows 4 KiB more
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}}
}

// serve answers requests until the surface is drained.
func (l *listener) serve() error {
	if err := l.server.Serve(l.Listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}

// fadeOut asks clients to come back on a new connection, which the balancer will
// lead elsewhere.
func (l *listener) fadeOut() { l.server.SetKeepAlivesEnabled(false) }

// drain takes no more requests and waits for those under way, until ctx ends.
func (l *listener) drain(ctx context.Context) error {
	if err := l.server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("drain %s: %w", l.Addr(), err), l.server.Close())
	}
	return nil
}
