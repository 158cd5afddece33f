package cli

import (
	"bytes"
	"os"
	"testing"
)

// BenchmarkCheckFromDisk checks the folder named by DIAPASON_BENCH_MODEL, as
// made by diapason generate; cold parses every file, warm knows them by content.
func BenchmarkCheckFromDisk(b *testing.B) {
	dir := os.Getenv("DIAPASON_BENCH_MODEL")
	if dir == "" {
		b.Skip("set DIAPASON_BENCH_MODEL to a generated folder (make bench does)")
	}
	b.Setenv("XDG_CACHE_HOME", b.TempDir())
	for _, x := range []struct {
		name string
		args []string
	}{
		{"cold", []string{"check", dir, "--on", "2027-03-12", "--no-cache"}},
		{"warm", []string{"check", dir, "--on", "2027-03-12"}},
	} {
		b.Run(x.name, func(b *testing.B) {
			if x.name == "warm" {
				var out bytes.Buffer
				_ = Run(b.Context(), x.args, nil, &out, &out)
			}
			b.ResetTimer()
			for b.Loop() {
				var out bytes.Buffer
				if err := Run(b.Context(), x.args, nil, &out, &out); Status(err) > StatusFindings {
					b.Fatal(err, out.String())
				}
			}
		})
	}
}
