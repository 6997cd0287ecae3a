"""Faces of nobody: a seeded generator of heads, attacks and the cameras that see them.

What it is good for: the ways of an attack as geometry and light — a plane is a plane, a screen
glows by itself, paper has edges — so that each layer can be shown to hold or to fail, alone and
together. What it says nothing about: how well a real model finds or tells apart real faces. Every
figure from here is called *synthetic*.
"""
