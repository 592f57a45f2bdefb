{"format":1,"type":"index","signatures":[{"keyid":"6afb2a8202a31923","sig":"IzBIRHTe8IRO+phwEtUx7MfjoZ+ZfUDCSMVDHew/KhyK8bqqw7pd4iKf18Rs7bB4x08+nxcG8KQbYw3pJ2OHCw=="}]}
