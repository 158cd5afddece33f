//go:build !linux

package cli_test

import "github.com/rogpeppe/go-internal/testscript"

func mountable() (bool, error) { return false, nil }

func smallDisk(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("small file systems are mounted on Linux only")
}
