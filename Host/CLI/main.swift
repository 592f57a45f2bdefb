print("prax-host")
