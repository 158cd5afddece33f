//go:build !linux

package pgtest

import (
	"os/exec"
)

// account is who runs the server.
type account struct{}

func serverAccount() (account, error) { return account{}, errMissing }

func (account) own(string) error { return nil }

func (account) use(*exec.Cmd) {}

func startPinned(*exec.Cmd, string) (<-chan error, error) { return nil, errMissing }

func removeAfterExit(string) error { return nil }
