// With runs a command beside a throw-away PostgreSQL server:
//
//	go run ./deploy/postgres/with go test ./...
//
// The command finds a superuser's address of the server in
// XUNCHA_TEST_DATABASE_URL. If that is set already, the command just runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"xuncha/deploy/postgres"
)

const variable = "XUNCHA_TEST_DATABASE_URL"

func main() {
	// The command's death signal belongs to the thread that starts it.
	runtime.LockOSThread()
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "with:", err)
	}
	os.Exit(code)
}

// run runs the command and returns its exit code.
func run(args []string) (code int, err error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return 2, errors.New("usage: with command [argument ...]")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	address := os.Getenv(variable)
	if address == "" {
		server, remove, err := throwAway(ctx)
		if err != nil {
			return 1, err
		}
		defer remove()
		address = server.URL(postgres.Superuser, "postgres")
	}
	return command(ctx, args, address)
}

// throwAway starts a server that is fast rather than safe, in a folder that
// remove deletes.
func throwAway(ctx context.Context) (_ *postgres.Server, remove func(), err error) {
	dir, err := os.MkdirTemp("", "xuncha-with-")
	if err != nil {
		return nil, nil, err
	}
	server, err := postgres.Start(ctx, postgres.Options{
		Dir: dir, Fragile: true,
		Settings: map[string]string{"shared_buffers": "256MB", "max_connections": "400"},
	})
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return server, func() {
		// A full disk ends the server; what ran beside it saw only that nobody answers.
		if err := server.Err(); err != nil {
			fmt.Fprintln(os.Stderr, "with:", err)
		}
		if err := server.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, "with:", err)
		}
	}, nil
}

// command runs args with the server's address in its environment, passes a
// signal on to it, and never outlives it nor is outlived by it.
func command(ctx context.Context, args []string, address string) (code int, err error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), variable+"="+address)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
