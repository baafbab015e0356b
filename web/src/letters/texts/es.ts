import type { LetterText } from './text';

export const es: LetterText = {
  lang: 'es',
  name: 'Español',
  title: 'Registro para la comunicación entre la escuela y la familia',
  to: (child) => `A los padres o tutores de ${child}`,
  lead: 'Con el teléfono o la computadora puede avisar a la escuela cuando su hijo o hija vaya a faltar, llegar tarde o salir antes, y leer los avisos de la escuela. Regístrese usted mismo siguiendo estos pasos. Tarda unos 5 minutos.',
  code: 'Código de registro',
  until: (day) => `Válido hasta el ${day}`,
  steps: [
    'Escanee el código QR con la cámara del teléfono. Si no puede, abra {url} en el navegador y escriba el código de registro.',
    'Compruebe el nombre de la escuela y el nombre de su hijo o hija.',
    'Escriba su correo electrónico y luego el número de 6 cifras que recibirá. Si no usa correo electrónico, elija “メールを使わずに進む” (Continuar sin correo electrónico).',
    'Escriba su nombre y elija una contraseña. ¡Listo!',
  ],
  notes: [
    'Si ya se ha registrado (por ejemplo, por un hermano o una hermana), no se registre otra vez. Elija “すでに登録している方” (Ya estoy registrado) e inicie sesión; así se añade a este niño o niña.',
    'Después de registrarse, puede invitar al otro padre, madre o tutor desde su propia pantalla. Si no puede, consulte a la escuela.',
    'Este código es solo para este niño o niña y se puede usar una sola vez. No lo muestre a otras personas. Si lo pierde, avise enseguida a la escuela.',
  ],
  contact: '¿Dudas? Llame a la escuela',
};
