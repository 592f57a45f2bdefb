{"format":1,"type":"index","signatures":[{"keyid":"6afb2a8202a31923","sig":"Q7BPCOngV1j66GKBGhl961S9DzB55e+oh/CFtZPNIJ/L8R4iRGp5Y2DexV/BoVXB0yOqgLC3Mi+sr80u1o5ECQ=="}]}
