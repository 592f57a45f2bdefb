#!/bin/sh
echo "a script that is called skill.so"
